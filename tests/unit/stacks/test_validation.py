"""The CDK's own validation of templates, by the plugin that `make synth` asks (deploy/validation.py).

CI synthesizes everything with it in the synth, as the CDK does by default. This is for the everyday run, which has
it switched off there: it starts one Node for all.
"""

from deploy import validation
from deploy.assembly import written
from tests.golden import CASES
from tests.unit.stacks.ecommerce import platform
from tests.unit.stacks.synthesis import assembly


def test_it_finds_nothing_in_what_the_golden_files_show() -> None:
    folders = [assembly(**given) for given in CASES.values()]
    assert validation.all_pass([each for folder in folders for each in written(folder)])


def test_nor_in_the_platform() -> None:
    assert validation.all_pass(written(platform.assembly(())))
