import pytest

from edge.uplink import UplinkSettings, UplinkSettingsError
from tests.certificates import Authority


@pytest.mark.parametrize("url", ["mqtt://127.0.0.1:1883", "mqtt://localhost", "mqtt://[::1]:1883"])
def test_plain_text_to_this_machine_is_fine(url):
    settings = UplinkSettings.parse(url)
    assert not settings.tls
    assert settings.port == 1883


@pytest.mark.parametrize("host", ["broker.example", "10.0.0.1", "127.0.0.1.example", "localhost.example"])
def test_plain_text_to_anywhere_else_is_refused_with_the_remedy(host):
    with pytest.raises(UplinkSettingsError, match="use mqtts:// with ca, cert and key"):
        UplinkSettings.parse(f"mqtt://{host}:1883")


def test_an_address_with_a_login_keeps_it_to_itself():
    settings = UplinkSettings.parse("mqtts://box:s3%40cret@broker.example")
    assert (settings.username, settings.password, settings.where) == ("box", "s3@cret", "broker.example:8883")
    assert "s3" not in repr(settings)


@pytest.mark.parametrize(
    "url", ["http://broker", "broker:1883", "mqtts://", "mqtts://broker:port", "mqtts://broker/path"]
)
def test_what_is_no_broker_is_refused(url):
    with pytest.raises(UplinkSettingsError, match=r"mqtt\.url"):
        UplinkSettings.parse(url)


def test_the_password_is_not_in_an_error():
    with pytest.raises(UplinkSettingsError) as caught:
        UplinkSettings.parse("mqtt://box:s3cret@broker.example")
    assert "s3cret" not in str(caught.value)


def test_files_that_do_not_fit_are_named(tmp_path):
    authority = Authority(tmp_path)
    cert, key = authority.issue("pgk-01")
    _, other = authority.issue("pgk-02")
    UplinkSettings.parse("mqtts://broker.example", authority.ca, cert, key)
    with pytest.raises(UplinkSettingsError, match="give both"):
        UplinkSettings.parse("mqtts://broker.example", authority.ca, cert)
    with pytest.raises(UplinkSettingsError, match="its own unencrypted key"):
        UplinkSettings.parse("mqtts://broker.example", authority.ca, cert, other)
    with pytest.raises(UplinkSettingsError, match=r"mqtt\.ca .* cannot be read"):
        UplinkSettings.parse("mqtts://broker.example", tmp_path / "none.pem")
    with pytest.raises(UplinkSettingsError, match="holds no PEM"):
        UplinkSettings.parse("mqtts://broker.example", key)
    with pytest.raises(UplinkSettingsError, match=r"mqtt\.cert .* cannot be read"):
        UplinkSettings.parse("mqtts://broker.example", authority.ca, tmp_path / "none.pem", key)
    with pytest.raises(UplinkSettingsError, match="need mqtts"):
        UplinkSettings.parse("mqtt://localhost", authority.ca)
