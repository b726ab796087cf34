"""The stories: a Markdown file for each group and language, beside the group's
experiments, with a chapter for each:

    ## name: title
    What is done.
    **Se espera.** (**Expected.**) what the documents say, or what follows from them.
    **Por qué.** (**Why.**) ...
    **Hoy.** (**Today.**) where Linux today is not as the document; most have none.
SPDX-License-Identifier: BSD-2-Clause"""

import dataclasses
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
MARKS = {"es": {"expected": "Se espera", "why": "Por qué", "today": "Hoy"},
         "en": {"expected": "Expected", "why": "Why", "today": "Today"}}


@dataclasses.dataclass
class Story:
    title: str
    text: str
    expected: str = ""
    why: str = ""
    today: str = ""


def _chapter(title, body, tongue):
    story, part = Story(title, ""), "text"
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        for name, mark in MARKS[tongue].items():
            if paragraph.startswith(f"**{mark}.**"):
                part, paragraph = name, paragraph[len(mark) + 5:].strip()
        before = getattr(story, part)
        setattr(story, part, f"{before}\n\n{paragraph}" if before else paragraph)
    return story


def group(name, tongue):
    """(introduction, {name of an experiment: its story})."""
    path = os.path.join(HERE, "groups", f"{name}.{tongue}.md")
    with open(path, encoding="utf-8") as file:
        head, *chapters = re.split(r"^## ", file.read(), flags=re.M)
    stories = {}
    for chapter in chapters:
        title, body = chapter.split("\n", 1)
        key, title = title.split(": ", 1)
        stories[key] = _chapter(title.strip(), body, tongue)
    return head.strip(), stories


def of(experiment, tongue):
    return group(experiment.group, tongue)[1][experiment.name]
