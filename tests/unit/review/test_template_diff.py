"""The template diff by its command line, on assemblies as the CDK writes them, with the CDK's own diff."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from review.template_diff import cdk_diff, report
from review.template_diff.command import main
from tests.unit.cloud_assembly import resource, template, write

BUCKET = resource("AWS::S3::Bucket", {"BucketName": "one"})
TOPIC = resource("AWS::SNS::Topic", {"DisplayName": "one"})


def compared(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    before: dict[str, Any],
    after: dict[str, Any],
    *options: str,
    hashes: tuple[str, str] = ("0" * 64, "0" * 64),
    code: int = 0,
) -> str:
    """The Markdown of the difference between two assemblies of one or more stacks each."""
    old = write(folder / "before", before, hashes[:1])
    new = write(folder / "after", after, hashes[1:])
    assert main([str(old), str(new), *options]) == code
    return capsys.readouterr().out


def rows(text: str) -> list[list[str]]:
    """The cells of the table's rows."""
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stacks = {"A": template(Bucket=BUCKET)}
    said = compared(tmp_path, capsys, stacks, stacks, "--fail")
    assert said == "<!-- template-diff -->\n**Nothing changes** in 1 stack.\n"


def test_worst_first_with_what_causes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    path = {"aws:cdk:path": "A/Site/Bucket/Resource"}
    before = template(
        Gone=resource("AWS::Logs::LogGroup"),
        Kept=resource("AWS::KMS::Key", {"KeyPolicy": {}}, DeletionPolicy="Retain"),
        Bucket={**BUCKET, "Metadata": path},
        Key=resource("AWS::Lambda::Function", {"PackageType": "Zip", "Role": "r", "Code": {}}),
        Table=resource("AWS::DynamoDB::Table", {"TableName": "t"}, DeletionPolicy="Retain"),
        Topic=TOPIC,
    )
    after = template(
        Bucket={
            **BUCKET,
            "Properties": {"BucketName": "two"},
            "Metadata": {"aws:cdk:path": "A/Site/Bucket/Resource"},
        },
        Key=resource("AWS::Lambda::Function", {"PackageType": "Image", "Role": "r", "Code": {}}),
        Table=resource("AWS::DynamoDB::Table", {"TableName": "t"}),
        Topic=resource("AWS::SNS::Topic", {"DisplayName": "two"}),
        Policy=resource("AWS::IAM::Policy", {"PolicyName": "p", "PolicyDocument": policy, "Roles": ["r"]}),
    )
    said = compared(tmp_path, capsys, {"A": before}, {"A": after})
    # aws-cdk's own word for each: PackageType is replaced, a topic's display name is not
    assert [(row[0], row[2]) for row in rows(said)] == [
        ("**will be destroyed** (log group)", "`Gone`"),
        ("**will be replaced** (bucket)", "`Bucket` `A/Site/Bucket/Resource`"),
        ("**will be replaced**", "`Key`"),
        ("leaves the stack, is kept (key)", "`Kept`"),
        ("permission", "`*`"),
        ("changed (table)", "`Table`"),
        ("changed", "`Topic`"),
        ("new", "`Policy`"),
    ]
    causes = {row[2].split()[0]: row[4] for row in rows(said)}
    assert causes["`Bucket`"] == "`BucketName`"
    assert causes["`Key`"] == "`PackageType`"
    assert causes["`Table`"] == "`DeletionPolicy` `Retain → Delete`"
    assert causes["`*`"] == "added `Allow s3:GetObject AWS:r`"
    verdict = said.splitlines()[1]
    assert "7 changes in 1 stack: 1 **will be destroyed**, 2 **will be replaced**" in verdict
    assert "**log group** `A/Gone` (destroyed), **bucket** `A/Site/Bucket/Resource` (replaced)" in verdict
    assert "Kept" not in verdict
    assert "Permissions are broadened." in verdict
    assert "Site/Bucket Bucket replace" in said, "the CDK's own text is there, with the construct's path"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (template(B=BUCKET), template(), 3),
        (template(B=BUCKET), template(B=resource("AWS::S3::Bucket", {"BucketName": "two"})), 3),
        (template(B={**BUCKET, "DeletionPolicy": "Retain"}), template(), 0),
        (template(B=TOPIC), template(), 0),
        (template(), template(B=BUCKET), 0),
    ],
    ids=["destroyed", "replaced", "kept", "no data", "new"],
)
def test_fail_is_about_data(
    before: dict[str, Any],
    after: dict[str, Any],
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    compared(tmp_path, capsys, {"A": before}, {"A": after}, "--fail", code=code)
    assert main([str(tmp_path / "before"), str(tmp_path / "after")]) == 0


def test_what_the_replaced_is_referred_to_by_is_replaced_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stack(name: str) -> dict[str, Any]:
        rule = resource("AWS::SNS::TopicPolicy", {"Topics": [{"Ref": "T"}], "PolicyDocument": {}})
        subscription = resource("AWS::SNS::Subscription", {"TopicArn": {"Ref": "T"}, "Protocol": "sqs"})
        return template(T=resource("AWS::SNS::Topic", {"TopicName": name}), P=rule, S=subscription)

    said = compared(tmp_path, capsys, {"A": stack("one")}, {"A": stack("two")})
    assert [
        "**will be replaced**",
        "`A`",
        "`S`",
        "`AWS::SNS::Subscription`",
        "`TopicArn` refers to what is replaced",
    ] in rows(said)
    assert "None of it holds data." in said


def test_new_and_removed_stacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = compared(
        tmp_path, capsys, {"Old": template(B=BUCKET)}, {"New": template(T=TOPIC)}, "--fail", code=3
    )
    assert [row[:3] for row in rows(said)] == [
        ["**will be destroyed** (bucket)", "`Old`", "`B`"],
        ["new", "`New`", "`T`"],
    ]
    assert "No longer in the app: `Old`; no deploy deletes a stack" in said.splitlines()[1]
    assert "its stack is no longer in the app" in said


def test_a_new_asset_is_new_code_and_no_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def stack(content: str) -> dict[str, Any]:
        code = {"S3Bucket": "assets", "S3Key": f"{content}.zip"}
        function = resource("AWS::Lambda::Function", {"Code": code, "Role": "r"})
        return template(F={**function, "Metadata": {"aws:asset:path": f"asset.{content}"}})

    old, new = "a" * 64, "b" * 64
    said = compared(tmp_path, capsys, {"A": stack(old)}, {"A": stack(new)}, hashes=(old, new))
    assert rows(said) == [["changed", "`A`", "`F`", "`AWS::Lambda::Function`", "`Code` new code"]]
    assert old not in said
    assert new not in said


def test_a_hash_that_names_no_asset_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a value like any other: a digest that somebody typed in."""
    old, new = (template(T=resource("AWS::SNS::Topic", {"DisplayName": c * 64})) for c in "ab")
    said = compared(tmp_path, capsys, {"A": old}, {"A": new})
    assert rows(said)[0][4] == "`DisplayName`"
    assert "a" * 64 in said


def test_nested_stacks_by_their_own_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = "a" * 64, "b" * 64
    for side, content, inside in (("before", old, BUCKET), ("after", new, TOPIC)):
        nested = resource("AWS::CloudFormation::Stack", {"TemplateURL": f"https://s3/{content}.json"})
        parent = template(N={**nested, "Metadata": {"aws:asset:path": "inside.json"}})
        folder = write(tmp_path / side, {"A": parent}, [content])
        (folder / "inside.json").write_text(json.dumps(template(R=inside)))
    assert main([str(tmp_path / "before"), str(tmp_path / "after")]) == 0
    found = rows(capsys.readouterr().out)
    assert found[0][1:3] == ["`A/N`", "`R`"]
    assert ["changed", "`A`", "`N`", "`AWS::CloudFormation::Stack`", "`TemplateURL` new template"] in found


def test_outputs_and_parameters_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {**template(T=TOPIC), "Outputs": {"Url": {"Value": "a"}}}
    after = {**template(T=TOPIC), "Parameters": {"P": {"Type": "String"}}}
    said = compared(tmp_path, capsys, {"A": before}, {"A": after})
    assert rows(said) == [
        ["changed", "`A`", "`P`", "`parameters`", "added"],
        ["changed", "`A`", "`Url`", "`outputs`", "removed"],
    ]


def test_details_are_cut_first_and_the_rest_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = template(**{f"T{n}": resource("AWS::SNS::Topic", {"DisplayName": "x" * 200}) for n in range(60)})
    before = {"A": many, "B": template(B=BUCKET)}
    worst = "<details><summary><code>B</code>"
    other = {name: resource("AWS::SNS::Topic", {"DisplayName": "y" * 200}) for name in many["Resources"]}
    said = compared(tmp_path, capsys, before, {"A": template(**other), "B": template()}, "--limit=15000")
    assert len(said) <= 15_000
    assert len(rows(said)) == 61, "each row is there"
    assert said.index(worst) == said.index("<details>"), "the worst is printed first"
    cut = re.search(r"^(\d+) lines left out here; the whole difference: `(.*)`$", said, re.MULTILINE)
    assert cut
    assert cut[2].endswith("--limit=10000000")
    assert said.count("<details>") == said.count("</details>") >= 1
    assert said.count("```") % 2 == 0


def test_whatever_changes_a_comment_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub's limit is 65,536 characters; the worst is there even so."""
    many = {f"T{n}{'x' * 200}": TOPIC for n in range(400)}
    said = compared(tmp_path, capsys, {"A": template(B=BUCKET, **many)}, {"A": template()})
    assert 40_000 < len(said) <= report.LIMIT
    assert rows(said)[0][0] == "**will be destroyed** (bucket)"
    assert re.search(r"^\d+ more rows, none worse than these; the whole difference: `", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name two cloud assemblies"),
        (["missing", "missing"], "missing: no cloud assembly"),
        (["empty", "empty"], "empty: no cloud assembly"),
        (["broken", "broken"], "broken: no cloud assembly"),
        (["whole", "whole", "--output", "missing/file"], "--output missing/file: No such file"),
        (["whole", "whole", "--limit", "5"], '"5" is not legal; 12000 to'),
        (["whole", "whole", "-c", "region=x"], "-c region=x: the folders are synthesized already"),
        (["--base", "no-such-commit"], "--base no-such-commit: no commit"),
        (["--base", "--output"], "--base"),
        (["--base=--output=x"], "--base --output=x: no commit"),
        (["--base="], "--base: name the commit"),
        (["--base", "HEAD", "whole"], "a commit or two folders"),
        (["--base", "HEAD", "-c", "region"], "-c region: write a setting as name=value"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    write(Path("whole"), {"A": template(B=BUCKET)})
    Path("broken").mkdir()
    Path("broken/manifest.json").write_text("[]")
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    line = told.err.splitlines()[-1]
    assert says in line
    assert [each for each in told.err.splitlines() if not each.endswith("…")] == [line]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "empty", "whole"]


def test_output_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "diff.md"
    stacks = {"A": template(B=BUCKET)}
    assert compared(tmp_path, capsys, stacks, stacks, "--output", str(file)) == ""
    assert file.read_text().startswith(report.MARKER + "\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after", "before", "diff.md"]


def test_when_the_cdks_diff_fails_it_is_one_line_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "broken.js"
    program.write_text('throw new Error("no such template")')
    monkeypatch.setattr(cdk_diff, "_PROGRAM", program)
    said = compared(tmp_path, capsys, {"A": template(B=BUCKET)}, {"A": template()}, code=1)
    assert said == ""
