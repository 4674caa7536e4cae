"""What Dấu needs at run time may be passed on: every package of requirements.txt says its licence, and which."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest

from tests.folders import ROOT

#: Licences that ask for nothing but their own text to be kept.
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|HPND|Zlib|PSF|Python Software Foundation|0BSD|Unlicense|CC0|public domain)\b", re.IGNORECASE
)
#: Packages that the project is built on and that ask for more; README.md says what that means.
COPYLEFT = {"unidecode": "GPL"}


def packages() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return sorted({line.split("==")[0].strip() for line in lines if re.match(r"[A-Za-z0-9_.-]+==", line)})


def licence(found: Distribution) -> str:
    """Return what a package says of its licence: the SPDX expression, else the classifiers, else the field."""
    told = found.metadata
    classifiers = [each for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    return told["License-Expression"] or " ".join(classifiers) or told["License"] or _text(found)


def _text(found: Distribution) -> str:
    """Return the beginning of the licence file of a package whose metadata are silent."""
    named = [each for each in found.files or [] if re.search(r"licen[cs]e|copying", each.name, re.IGNORECASE)]
    return named[0].read_text()[:300] if named else ""


@pytest.mark.parametrize("name", packages())
def test_a_package_of_run_time_may_be_passed_on(name: str) -> None:
    try:
        told = licence(distribution(name))
    except PackageNotFoundError:
        pytest.skip(f"{name} is for another platform or Python")
    if name in COPYLEFT:
        assert COPYLEFT[name] in told
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        assert re.search(rf"{name}.{{0,200}}{COPYLEFT[name]}", readme, re.IGNORECASE | re.DOTALL)
    else:
        assert PERMISSIVE.search(told), f"{name}: {told!r}"
        assert not re.search(r"\b[AL]?GPL", told), f"{name}: {told!r}"
