using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// A real Azurite (blobs) on loopback with its own folder and account. Looked for as TRUSTMESH_AZURITE, else where `npm ci` in infra/azurite
/// puts it. Gone when it is disposed or the tests end.
/// </summary>
internal sealed partial class Azurite : IDisposable
{
    public const string Account = "trustmesh";

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-azurite-").FullName;
    private readonly string program;
    private ServerProcess process = null!;

    private readonly bool inMemory;

    private Azurite(string program, bool tls, bool inMemory)
    {
        (this.program, this.inMemory) = (program, inMemory);
        if (tls) Certificate = new(folder);
    }

    /// <summary>The account's key, made for this one.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    public int Port { get; private set; }

    /// <summary>Null without TLS.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>As --storage takes it.</summary>
    public string Address(string container) => $"{(Certificate is null ? "azure-blob+http" : "azure-blob")}://127.0.0.1:{Port}/{Account}/{container}";

    public static bool IsInstalled => File.Exists(Program);

    private static string Program => Environment.GetEnvironmentVariable("TRUSTMESH_AZURITE") ?? Path.Combine(Repository.Root, "infra/azurite/node_modules/.bin/azurite-blob");

    /// <param name="inMemory">Where many readers are killed: with files it keeps one open for each whose answer nobody took, until it has no more.</param>
    public static Azurite Start(bool tls = false, bool inMemory = false)
    {
        Assert.SkipUnless(IsInstalled, "Azurite is not installed (npm ci --prefix infra/azurite --ignore-scripts, or TRUSTMESH_AZURITE=FILE)");
        var azurite = new Azurite(Program, tls, inMemory);
        azurite.Restart();
        return azurite;
    }

    /// <summary>It stands still: connections stay open and nobody answers.</summary>
    public void Pause() => process.Pause();

    public void Resume() => process.Resume();

    /// <summary>Ends it as a power cut would; <see cref="Restart"/> starts it again.</summary>
    public void Kill()
    {
        process.Kill();
        process.Dispose();
    }

    /// <summary>
    /// Ends it after it has written down what it keeps in memory: an emulator acknowledges before that, so <see cref="Kill"/> takes back what it said
    /// in its last seconds, which no storage may that is one.
    /// </summary>
    public void Leave() => process.Dispose();

    /// <summary>Starts it, on the same port if it ran before.</summary>
    public void Restart()
    {
        string[] arguments = ["--blobHost", "127.0.0.1", "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--silent", "--disableTelemetry",
            .. inMemory ? (string[])["--inMemoryPersistence"] : ["--location", folder],
            .. Certificate is null ? (string[])[] : ["--cert", Certificate.Certificate, "--key", Certificate.Key]];
        (process, var ready) = ServerProcess.Start(folder, program, arguments, "successfully listens on", ("AZURITE_ACCOUNTS", $"{Account}:{Key}"));
        Port = int.Parse(LastNumber().Match(ready).Value, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex LastNumber();
}
