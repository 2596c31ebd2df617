using System.Runtime.Versioning;
using TrustMesh.Cli.Demo;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Cli.Demo;

[SupportedOSPlatform("linux")]
public sealed class TokenFactoryTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-token-").FullName;

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Fact]
    public async Task A_token_takes_its_own_PIN_which_only_its_owner_can_read_and_is_kept()
    {
        Assert.SkipUnless(Command.Exists("pkcs11-tool") && Command.Exists("softhsm2-util"), "SoftHSM or OpenSC is not installed (apt-get install softhsm2 opensc)");
        using var folder = DemoFolder.Open(state);
        var device = DemoDevice.Of(folder, new(1, 0, 1, state, 0, true, TimeSpan.FromSeconds(60), false)).Single(one => one.Root == DemoRoot.Hsm);
        Assert.Equal("terminal-harbour-1", device.Name);

        await TokenFactory.InitialiseAsync(device, CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(device.PinFile));
        var pin = (await File.ReadAllTextAsync(device.PinFile)).Trim();
        Assert.Equal(0, await LoginAsync(device, pin));
        Assert.NotEqual(0, await LoginAsync(device, "00000000"));
        await TokenFactory.InitialiseAsync(device, CancellationToken.None);
        Assert.Equal(pin, (await File.ReadAllTextAsync(device.PinFile)).Trim());
    }

    private static async Task<int> LoginAsync(DemoDevice device, string pin)
        => (await Tool.RunAsync(["pkcs11-tool", "--module", TokenFactory.Module, "--token-label", device.Name, "--login", "--pin", "env:PIN", "--list-objects"], CancellationToken.None,
            environment: new Dictionary<string, string> { ["SOFTHSM2_CONF"] = device.TokenSettings, ["PIN"] = pin })).Code;
}
