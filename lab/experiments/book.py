"""The book of the experiments: each one's story, what was seen in both places, the
pictures and the programs. A page and a Markdown file for each language; the page is
self-contained, the Markdown shows the files of pictures/.
SPDX-License-Identifier: BSD-2-Clause"""

import base64
import html
import os
import re
import sys

import picture
import stage
import story
import words
from narrate import PLACE, VERDICT
from words import say

NAME = {"es": "libro", "en": "book"}
TITLE = ("Experimentos con sockets", "Experiments with sockets")
PROGRAMS = ("Los programas", "The programs")
OTHER = ("in English", "en español")
INTRO = ("Lo que cuentan los apuntes, ejecutado dos veces: con los sockets del núcleo de Linux "
         "y con los de enchufe. «~» son cifras de esta máquina, que no se juzgan.",
         "What the course notes tell, played twice: on the sockets of the Linux kernel and on "
         "enchufe's. \"~\" are figures of this machine, which are not judged.")
STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #c62828; }
body { font: 17px/1.55 Georgia, "DejaVu Serif", serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2, h3, nav, th { font-family: system-ui, "DejaVu Sans", sans-serif; }
h2 { border-bottom: 1px solid var(--line); margin-top: 3rem; }
code, pre { font: 14px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); tab-size: 8; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid var(--line);
  padding: .4rem .7rem; vertical-align: top; text-align: left; width: 50%; }
.passed::before { content: "✓ "; color: var(--good); }
.failed::before { content: "✗ "; color: var(--bad); }
figure { margin: 1rem 0; overflow-x: auto; } figure img { background: #fff; }
summary { cursor: pointer; }
"""


def _inline(text):
    """The little Markdown of a story's paragraph."""
    text = html.escape(" ".join(text.split()), quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)


def _paragraphs(text, mark=""):
    lead = f"<strong>{mark}.</strong> " if mark else ""
    return "".join(f"<p>{lead if i == 0 else ''}{_inline(p)}</p>\n"
                   for i, p in enumerate(text.split("\n\n")))


class Page:
    """One language of the book; ends with text(). HTML."""

    def __init__(self, tongue, folder):
        self.tongue, self.folder = tongue, folder
        other = "en" if tongue == "es" else "es"
        self.parts = [f'<!doctype html>\n<html lang="{tongue}"><head><meta charset="utf-8">'
                      '<meta name="viewport" content="width=device-width">'
                      f"<title>{say(TITLE, tongue)}</title><style>{STYLE}</style></head><body>"
                      f"\n<h1>{say(TITLE, tongue)}</h1>\n<p>{say(INTRO, tongue)} "
                      f'<a href="{NAME[other]}.html" lang="{other}">{say(OTHER, tongue)}</a>'
                      "</p>\n"]

    def contents(self, rows):
        self.parts.append("<nav><ol>" + "".join(
            f'<li><a href="#{e.name}">{_inline(story.of(e, self.tongue).title)}</a></li>'
            for e, _ in rows) + "</ol></nav>\n")

    def group(self, head):
        title, _, text = head.partition("\n")
        self.parts.append(f"<h2>{_inline(title.lstrip('# '))}</h2>\n" +
                          _paragraphs(text.strip()))

    def story(self, experiment, told):
        marks = story.MARKS[self.tongue]
        self.parts.append(f'<h3 id="{experiment.name}">{_inline(told.title)}</h3>\n' +
                          _paragraphs(told.text) +
                          _paragraphs(told.expected, marks["expected"]))

    def reasons(self, told):
        marks = story.MARKS[self.tongue]
        self.parts.append(_paragraphs(told.why, marks["why"]))
        if told.today:
            self.parts.append(_paragraphs(told.today, marks["today"]))

    def seen(self, outcomes):
        heads = "".join(f'<th class="{o.state}">{say(PLACE[o.place], self.tongue)}: '
                        f"{say(VERDICT[o.state], self.tongue)}</th>" for o in outcomes)
        cells = "".join("<td><ul>" + "".join(
            f"<li>{mark}{html.escape(say(text, self.tongue))}</li>"
            for mark, texts in (("", o.facts), ("~ ", o.notes), ("! ", [o.why] if o.why else []))
            for text in texts) + "</ul></td>" for o in outcomes)
        self.parts.append(f"<table><tr>{heads}</tr>\n<tr>{cells}</tr></table>\n")

    def picture(self, place, file, title):
        with open(os.path.join(self.folder, file), "rb") as svg:
            data = base64.b64encode(svg.read()).decode()
        caption = f"{title}: {say(PLACE[place], self.tongue)}"
        self.parts.append(f"<details><summary>{html.escape(caption)}</summary><figure>"
                          f'<img alt="{html.escape(caption)}" '
                          f'src="data:image/svg+xml;base64,{data}"></figure></details>\n')

    def programs(self, names):
        self.parts.append("<p>" + " ".join(
            f'<a href="#{n}"><code>{n}</code></a>' for n in names) + "</p>\n")

    def listings(self, listings):
        self.parts.append(f"<h2>{say(PROGRAMS, self.tongue)}</h2>\n" + "".join(
            f'<h3 id="{name}"><code>{name}</code></h3>\n<pre>{html.escape(text)}</pre>\n'
            for name, text in listings.items()))

    def text(self):
        return "".join(self.parts) + "</body></html>\n"


class Markdown(Page):
    """The same as Markdown."""

    def __init__(self, tongue, folder):
        super().__init__(tongue, folder)
        self.parts = [f"# {say(TITLE, tongue)}\n\n{say(INTRO, tongue)}\n\n"]

    def contents(self, rows):
        pass

    def group(self, head):
        self.parts.append("#" + head + "\n\n")

    def story(self, experiment, told):
        marks = story.MARKS[self.tongue]
        self.parts.append(f"### {told.title}\n\n{told.text}\n\n"
                          f"**{marks['expected']}.** {told.expected}\n\n")

    def reasons(self, told):
        marks = story.MARKS[self.tongue]
        self.parts.append(f"**{marks['why']}.** {told.why}\n\n")
        if told.today:
            self.parts.append(f"**{marks['today']}.** {told.today}\n\n")

    def seen(self, outcomes):
        for o in outcomes:
            self.parts.append(f"{say(PLACE[o.place], self.tongue)}: "
                              f"{say(VERDICT[o.state], self.tongue)}\n\n" + "".join(
                                  f"* {mark}{say(text, self.tongue)}\n"
                                  for mark, texts in (("", o.facts), ("~ ", o.notes))
                                  for text in texts) + "\n")

    def picture(self, place, file, title):
        self.parts.append(f"![{title}: {say(PLACE[place], self.tongue)}]({file})\n\n")

    def programs(self, names):
        self.parts.append(" ".join(f"`{n}`" for n in names) + "\n\n")

    def listings(self, listings):
        self.parts.append(f"## {say(PROGRAMS, self.tongue)}\n\n" + "".join(
            f"### {name}\n\n```c\n{text}```\n\n" for name, text in listings.items()))

    def text(self):
        return "".join(self.parts)


def _pictures(played, experiment, outcomes, folder):
    """[(place, {language: file})] of the ladders; the experiment is played once more for
    each place."""
    drawn = []
    for outcome in outcomes:
        if outcome.state == stage.SKIPPED:
            continue
        files = {tongue: f"pictures/{experiment.name}-{outcome.place}.{tongue}.svg"
                 for tongue in words.LANGUAGES}
        with stage.Folder() as work:
            source = os.path.join(work, "talk")
            if played.play(experiment, outcome.place, source).state == stage.SKIPPED:
                continue
            try:
                for tongue, file in files.items():
                    title = f"{story.of(experiment, tongue).title}: " \
                        f"{say(PLACE[outcome.place], tongue).lower()}"
                    picture.draw(played.enchufe, source, title, os.path.join(folder, file),
                                 tongue)
            except picture.Unpictured as why:  # the book does without
                print(why, file=sys.stderr)
                continue
        drawn.append((outcome.place, files))
    return drawn


def _listing(lab, name):
    with open(os.path.join(lab, name + ".c"), encoding="utf-8") as file:
        return file.read()


def _compose(page, rows, drawn, listings):
    page.contents(rows)
    last = None
    for experiment, outcomes in rows:
        head, stories = story.group(experiment.group, page.tongue)
        if experiment.group != last:
            page.group(head)
        last, told = experiment.group, stories[experiment.name]
        page.story(experiment, told)
        page.seen(outcomes)
        page.reasons(told)
        for place, files in drawn[experiment.name]:
            page.picture(place, files[page.tongue], told.title)
        page.programs(experiment.programs)
    page.listings(listings)


def write(played, rows, folder):
    """The book of these (experiment, outcomes) in that folder."""
    os.makedirs(os.path.join(folder, "pictures"), exist_ok=True)
    drawn = {e.name: _pictures(played, e, outcomes, folder) for e, outcomes in rows}
    names = dict.fromkeys(n for e, _ in rows for n in e.programs)
    listings = {name: _listing(played.lab, name) for name in names}
    for tongue in words.LANGUAGES:
        for kind, end in ((Page, "html"), (Markdown, "md")):
            page = kind(tongue, folder)
            _compose(page, rows, drawn, listings)
            with open(os.path.join(folder, f"{NAME[tongue]}.{end}"), "w",
                      encoding="utf-8") as file:
                file.write(page.text())
