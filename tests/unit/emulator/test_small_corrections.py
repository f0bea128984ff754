"""The extension's small functions, each as AWS documents what it stands for."""

from local.emulator.cloudformation.web_acls import as_api
from local.emulator.pipes import filled
from local.emulator.replication_rules import by_destination


def test_a_search_string_is_base64_in_the_api() -> None:
    given = [
        {"Statement": {"ByteMatchStatement": {"SearchString": "/checkout"}}},
        {"SearchStringBase64": "eA=="},
    ]
    assert as_api(given) == [
        {"Statement": {"ByteMatchStatement": {"SearchString": "L2NoZWNrb3V0"}}},
        {"SearchString": "eA=="},
    ]


def test_an_input_template_takes_values_of_every_kind() -> None:
    record = {"body": {"order": {"id": 'a"b', "items": [{"n": 1}]}}}
    template = '{"id": <$.body.order.id>, "items": <$.body.order.items>, "none": <$.body.card.number>}'
    assert filled(template, record) == '{"id": "a\\"b", "items": [{"n": 1}], "none": null}'


def test_each_destination_has_its_rules_the_most_important_first() -> None:
    def rule(name: str, bucket: str, priority: int) -> dict[str, object]:
        return {"ID": name, "Destination": {"Bucket": bucket}, "Priority": priority}

    rules = [rule("low", "a", 1), rule("other", "b", 2), rule("high", "a", 3)]
    split = by_destination({"Role": "r", "Rules": rules})
    assert [[each["ID"] for each in one["Rules"]] for one in split] == [["high", "low"], ["other"]]
    assert {one["Role"] for one in split} == {"r"}
