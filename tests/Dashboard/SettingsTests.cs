using TrustMesh.Dashboard.Hosting;

namespace TrustMesh.Tests.Dashboard;

public sealed class SettingsTests
{
    [Fact]
    public void Reads_every_option()
    {
        var settings = DashboardSettings.Parse(
            ["--silo", "http://127.0.0.1:7480, https://silo-2.example", "--listen", "http://localhost:0", "--ready-file", "/tmp/r", "--state", "/tmp/s", "--host", "a.example", "--host", "b.example"]);

        Assert.Equal([new Uri("http://127.0.0.1:7480"), new Uri("https://silo-2.example")], settings.Silos);
        Assert.Equal(new Uri("http://localhost:0"), settings.Listen);
        Assert.Equal(("/tmp/r", "/tmp/s"), (settings.ReadyFile, settings.State));
        Assert.Equal(["a.example", "b.example"], settings.Hosts);
    }

    [Theory]
    [InlineData("--silo is missing")]
    [InlineData("is not an option", "--siloo", "http://127.0.0.1:1")]
    [InlineData("needs a value", "--silo")]
    [InlineData("given twice", "--silo", "http://127.0.0.1:1", "--silo", "http://127.0.0.1:2")]
    [InlineData("not an address", "--silo", "127.0.0.1:7480")]
    [InlineData("not an address", "--silo", "http://127.0.0.1:1,")]
    [InlineData("plain http outside this machine", "--silo", "http://127.0.0.1:1,http://192.0.2.1:1")]
    [InlineData("has an address twice", "--silo", "http://127.0.0.1:1,http://127.0.0.1:1/")]
    [InlineData("at most 8", "--silo", "http://127.0.0.1:1,http://127.0.0.1:2,http://127.0.0.1:3,http://127.0.0.1:4,http://127.0.0.1:5,http://127.0.0.1:6,http://127.0.0.1:7,http://127.0.0.1:8,http://127.0.0.1:9")]
    [InlineData("not an address", "--silo", "http://127.0.0.1:7480/api")]
    [InlineData("not an address", "--silo", "file:///etc/passwd")]
    [InlineData("plain http outside this machine", "--silo", "http://192.0.2.1:7480")]
    [InlineData("plain http outside this machine", "--silo", "http://127.0.0.1:1", "--listen", "http://0.0.0.0:80")]
    [InlineData("plain http outside this machine", "--silo", "http://127.0.0.1:1", "--listen", "http://127.0.0.1.example:80")]
    [InlineData("proxy with TLS", "--silo", "http://127.0.0.1:1", "--listen", "https://127.0.0.1:80")]
    public void Refuses_what_it_cannot_serve_safely(string said, params string[] args)
    {
        var problem = Assert.Throws<SettingsException>(() => DashboardSettings.Parse(args));
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_goes_to_the_output_and_mistakes_to_the_error_output()
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        Assert.Equal(0, await CommandLine.RunAsync(["--help"], output, error));
        Assert.Equal(2, await CommandLine.RunAsync(["--nonsense", "1"], new StringWriter(), error));
        Assert.Contains("--ready-file", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--nonsense", error.ToString(), StringComparison.Ordinal);
    }
}
