using TrustMesh.Host.Settings;

namespace TrustMesh.Tests.Host;

public sealed class SettingsTests
{
    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var (settings, errors) = SettingsReader.Read(["--mesh", "Not A Name", "--device-listen", "nowhere", "--lifetime", "5", "--interval", "5", "--ek-roots", "/does/not/exist", "--unknown"]);
        Assert.Null(settings);
        Assert.Equal(5, errors.Count);
    }

    [Fact]
    public void Operators_from_outside_need_TLS()
    {
        var (settings, errors) = SettingsReader.Read(["--operator-listen", "0.0.0.0:7080"]);
        Assert.Null(settings);
        Assert.Contains("--operator-certificate", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_is_read_and_the_rest_has_defaults()
    {
        var (settings, errors) = SettingsReader.Read(["--state", "/tmp/x", "--mesh=home", "--device-listen", "127.0.0.1:0", "--device-names", "gateway.local,10.0.0.1", "--lifetime", "15", "--interval", "5"]);
        Assert.Empty(errors);
        Assert.Equal(("/tmp/x", "home", 0, 7080, 15, 5), (settings!.State, settings.Mesh, settings.DeviceListen.Port, settings.OperatorListen.Port, settings.LifetimeSeconds, settings.IntervalSeconds));
        Assert.Equal(["gateway.local", "10.0.0.1"], settings.DeviceNames);
    }

    [Fact]
    public void Help_names_every_option()
    {
        foreach (var option in (string[])["--state", "--mesh", "--device-listen", "--operator-listen", "--device-names", "--ek-roots", "--auto-approve-ek", "--ready-file", "--code-file", "--lifetime", "--interval"])
            Assert.Contains(option, CommandLine.Help, StringComparison.Ordinal);
    }
}
