"""Scenarios: each a function of a World. SPDX-License-Identifier: BSD-2-Clause"""
