"""What is a name that nothing here has, and what is none."""

from tests.bot.assistant.conftest import Read


def test_a_place_or_a_purpose_is_no_test_s_name(reading: Read) -> None:
    assert reading("For a sidebar: gpt-oss-120b head to head with Llama 4 Maverick").name == "compare"
    assert reading("I have a small card here in Recife, what is the best model that runs in it?").name == "best"
    refused = reading("what is the gap on superduperbench?")
    assert refused.question is None
    assert (refused.sentence or "").startswith('No test is called "superduperbench".')
