using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// SoftHSM: a real PKCS#11 module with real tokens, in a directory of its own. It reads its configuration from the process's environment when it is
/// initialised, so there is one per process, and tests with it run one after another (<see cref="SoftHsmCollection"/>). Tokens made by the tools are
/// seen by roots that open afterwards.
/// </summary>
public sealed partial class SoftHsm : IDisposable
{
    public const string Pin = "7314-pin-of-tests";

    private const string SecurityPin = "so-pin-of-tests", Configuration = "SOFTHSM2_CONF";

    private static readonly string[] Places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"];

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-hsm-").FullName;
    private int made;

    public SoftHsm()
    {
        var tokens = Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        var configuration = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(configuration, $"directories.tokendir = {tokens.FullName}\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The framework's copy is what children get, the C library's is what the module reads.
        Environment.SetEnvironmentVariable(Configuration, configuration);
        Assert.Equal(0, setenv(Configuration, configuration, overwrite: 1));
    }

    public static string? Module => Places.FirstOrDefault(File.Exists);

    /// <summary>A token fresh from initialisation.</summary>
    public SoftToken NewToken(string? label = null)
    {
        Assert.SkipUnless(Module is not null && Command.Exists("softhsm2-util") && Command.Exists("pkcs11-tool"), "SoftHSM or OpenSC is not installed (apt-get install softhsm2 opensc)");
        label ??= $"token {++made}";
        var (code, output, error) = Command.Run(folder, "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", SecurityPin, "--pin", Pin);
        Assert.True(code == 0, output + error);
        // It gets another slot when it is initialised; the serial number's end is the slot's number.
        var slot = uint.Parse(Reassigned().Match(output).Groups["slot"].Value, System.Globalization.CultureInfo.InvariantCulture);
        return new(this, Directory.CreateDirectory(Path.Combine(folder, $"device-{Guid.NewGuid():n}")).FullName, label, slot);
    }

    internal (int Code, string Output, string Error) TryTool(string name, params IEnumerable<string> arguments) => Command.Run(folder, name, arguments);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [DllImport("libc")]
    private static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [GeneratedRegex("reassigned to slot (?<slot>[0-9]+)")]
    private static partial Regex Reassigned();
}
