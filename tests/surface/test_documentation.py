"""Everything the README shows is run here, and the reference pages are those that the program prints."""

import re
import shlex
import unittest

from leeway_command import ROOT, Case, run


class Documentation(Case):
    def test_readme_commands_and_output(self):
        text = (ROOT / "README.md").read_text()
        output = ""
        ran = 0
        for kind, block in re.findall(r"```(console|text)\n(.*?)```", text, re.S):
            if kind == "console":
                for line in block.splitlines():
                    words = shlex.split(line.removeprefix("$ "))
                    self.assertEqual(words[0], "leeway", line)
                    done = run(*words[1:], cwd=self.folder)
                    self.assertIn(done.returncode, (0, 1), f"{line}\n{done.stderr}")
                    output = done.stdout
                    ran += 1
            else:
                rest = output
                for line in filter(str.strip, block.splitlines()):
                    self.assertIn(line, rest, "the README shows a line that the command does not print")
                    rest = rest[rest.index(line) + len(line):]
        self.assertGreater(ran, 5)

    def test_reference_pages(self):
        self.assertEqual((ROOT / "docs/methods.md").read_text(), run("methods", "--format", "markdown").stdout,
                         "run: leeway methods --format markdown > docs/methods.md")
        self.assertIn(run("config", "keys", "--format", "markdown").stdout, (ROOT / "docs/monitor-file.md").read_text(),
                      "put the output of 'leeway config keys --format markdown' into docs/monitor-file.md")

    def test_links_lead_somewhere(self):
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_monitor_file_of_the_documentation_is_valid(self):
        page = (ROOT / "docs/monitor-file.md").read_text()
        self.file("monitor.yaml", re.search(r"```yaml\n(.*?)```", page, re.S).group(1))
        self.command("config", "validate", "monitor.yaml")


if __name__ == "__main__":
    unittest.main()
