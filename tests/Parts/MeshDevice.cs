using System.Security.Cryptography;
using System.Text;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Statements;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Roots.Tpm;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Parts;

/// <summary>A member of a <see cref="PeerMesh"/> with a root of trust and a state directory: everything below the network. It measured
/// <see cref="ConfigFile"/> unless told otherwise; the mesh's reference values name that content.</summary>
public sealed class MeshDevice : IDisposable
{
    public const string ConfigFile = "/etc/pump.conf", GoodConfig = "speed=3\n";

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-peer-").FullName;
    private readonly bool ownsRoot;
    private readonly StateDirectory state;

    public MeshDevice(PeerMesh mesh, string name, IRoot? root = null, string config = GoodConfig, bool enrol = true, TimeSpan statusAge = default, bool ownsRoot = false)
    {
        (Mesh, Name, this.ownsRoot) = (mesh, name, ownsRoot || root is null);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Root = root ?? SoftwareRoot.Open(new("software", "", "auto", 13, Path.Combine(folder, "root")));
        state = StateDirectory.Open(Path.Combine(folder, "state"));
        Attester = new(Root, state);
        if (mesh.Reference is null) mesh.PublishReference(new Dictionary<string, string> { [ConfigFile] = GoodConfig });
        if (enrol) mesh.Enrol(Root, name);
        Statements = mesh.StatementsFor(Root.Device, statusAge);
        Sessions = new(mesh.Time);
        Proofs = new(Attester, () => 0, "0.1.0", mesh.Time);
        Measure(ConfigFile, config);
    }

    public PeerMesh Mesh { get; }

    public string Name { get; }

    public IRoot Root { get; }

    public DeviceId Id => Root.Device;

    public Attester Attester { get; }

    public MeshStatements Statements { get; }

    public SessionKeys Sessions { get; }

    public ProofBatch Proofs { get; }

    public PeerBook Book { get; } = new();

    public PeerMembers Members => field ??= new(Statements);

    public PeerHistory History => field ??= new(Mesh.Time);

    public PeerJudge Judge => field ??= new(Id, Statements, History);

    /// <summary>A member whose root is a TPM; the TPM is the caller's.</summary>
    public static MeshDevice OnTpm(PeerMesh mesh, string name, Swtpm tpm) => new(mesh, name, TpmRoot.Open(tpm.Settings(), TimeProvider.System), ownsRoot: true);

    /// <summary>Writes and extends a file's content, as the measurer does.</summary>
    public void Measure(string name, string content)
        => Attester.Record(() => [(name, new Reading(LogEntryKind.File, SHA256.HashData(Encoding.UTF8.GetBytes(content))))]);

    public void Dispose()
    {
        Sessions.Dispose();
        Statements.Dispose();
        Attester.Dispose();
        state.Dispose();
        if (ownsRoot) Root.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
