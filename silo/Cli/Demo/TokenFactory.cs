using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// Initialises PKCS#11 tokens as somebody who puts one into a device would: a label, a PIN that goes into a file of the device, and a security
/// officer's PIN that nobody keeps. The key is made later, by the agent, in the token.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class TokenFactory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Path of SoftHSM's module.</summary>
    public static string Module
        => ((string[])["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
                "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"]).FirstOrDefault(File.Exists)
            ?? throw new DemoFailure("SoftHSM is not installed. On Debian: apt-get install softhsm2 opensc, or start with infra/run --hsm, which does that.");

    /// <summary>Makes the token of a device in a folder of its own unless it is there.</summary>
    public static async Task InitialiseAsync(DemoDevice device, CancellationToken ct)
    {
        var finished = Path.Combine(device.TokenFolder, "initialised");
        if (File.Exists(finished)) return;
        // Half-made state of an interrupted run is made again.
        if (Directory.Exists(device.TokenFolder)) Directory.Delete(device.TokenFolder, recursive: true);
        var objects = Directory.CreateDirectory(Path.Combine(device.TokenFolder, "objects"));
        await File.WriteAllTextAsync(device.TokenSettings, $"directories.tokendir = {objects.FullName}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n", ct);
        var (pin, officer) = (Digits(), Digits());
        await ToolAsync(device, ["--init-token", "--label", device.Name, "--so-pin", "env:TOKEN_SO_PIN"], pin, officer, ct);
        await ToolAsync(device, ["--token-label", device.Name, "--login", "--login-type", "so", "--so-pin", "env:TOKEN_SO_PIN", "--init-pin", "--new-pin", "env:TOKEN_PIN"], pin, officer, ct);
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        await using (var writer = new StreamWriter(device.PinFile, file)) await writer.WriteLineAsync(pin);
        await File.WriteAllTextAsync(finished, "", ct);
    }

    // The PINs go through the environment: arguments are for everybody's eyes (attack A47).
    private static async Task ToolAsync(DemoDevice device, string[] arguments, string pin, string officer, CancellationToken ct)
    {
        var (code, output, error) = await Tool.RunAsync(["pkcs11-tool", "--module", Module, .. arguments], ct,
            environment: new Dictionary<string, string> { ["SOFTHSM2_CONF"] = device.TokenSettings, ["TOKEN_PIN"] = pin, ["TOKEN_SO_PIN"] = officer });
        if (code != 0) throw new DemoFailure($"pkcs11-tool could not make a token in {device.TokenFolder} (exit code {code}):\n{output}{error}");
    }

    private static string Digits() => RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
}
