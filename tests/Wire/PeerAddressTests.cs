using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Wire;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("10.0.0.5:7444", "10.0.0.5", 7444)]
    [InlineData("[fd00::5]:1", "fd00::5", 1)]
    [InlineData("pump-7.example:65535", "pump-7.example", 65535)]
    public void Reads_host_and_port(string text, string host, int port)
    {
        Assert.True(PeerAddress.TryParse(text, out var readHost, out var readPort));
        Assert.Equal((host, port), (readHost, readPort));
    }

    [Theory]
    [InlineData("10.0.0.5:1", "10.0.0.5:1")]
    [InlineData("10.0.0.5", "10.0.0.5:7444")]
    [InlineData("pump-7.example", "pump-7.example:7444")]
    [InlineData("fd00::9", "[fd00::9]:7444")]
    [InlineData("[fd00::9]", "[fd00::9]:7444")]
    [InlineData("no host", null)]
    [InlineData("", null)]
    public void Names_the_usual_port_where_none_is_named(string text, string? address) => Assert.Equal(address, PeerAddress.WithPort(text));

    [Theory]
    [InlineData("")]
    [InlineData(":7444")]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.5:")]
    [InlineData("10.0.0.5:0")]
    [InlineData("10.0.0.5:65536")]
    [InlineData("10.0.0.5:07444")]
    [InlineData("10.0.0.5:+744")]
    [InlineData("10.0.0.5: 744")]
    [InlineData("fd00::5:7444")]
    [InlineData("[10.0.0.5]:7444")]
    [InlineData("[fd00::5]7444")]
    [InlineData("user@host:7444")]
    [InlineData("host/path:7444")]
    [InlineData("ho st:7444")]
    [InlineData("https://host:7444")]
    [InlineData("host\n:7444")]
    public void A41_Refuses_everything_else(string text) => Assert.False(PeerAddress.TryParse(text, out _, out _));
}
