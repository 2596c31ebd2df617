using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Statements;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Agent;

/// <summary>Statements of one device on disk and in its root's memory, over several starts; the root outlives them all.</summary>
public sealed class KeptStatements : IDisposable
{
    private readonly StateDirectory state;
    private readonly StringWriter journal = new();

    public KeptStatements(PeerMesh mesh)
    {
        Mesh = mesh;
        state = StateDirectory.Open(Folder["state"]);
        Files = new(state);
        mesh.Enrol(Root, "press-1");
    }

    public PeerMesh Mesh { get; }

    public Folder Folder { get; } = new();

    public RegisterRoot Root { get; } = new();

    public DeviceId Device => Root.Device;

    public FaultyFiles Files { get; }

    public string Log => journal.ToString();

    /// <summary>What a start takes up.</summary>
    public MeshStatements Open(byte[]? authorityKey = null)
        => new(authorityKey ?? Mesh.AuthorityKey, Root.Device, Mesh.Time, new StatementStore(Files, Root.Recall, memory => Root.Remember(memory), authorityKey ?? Mesh.AuthorityKey),
            new Journal(journal, underSystemd: true, LogLevel.Debug, TimeProvider.System));

    /// <summary>A start, with everything that is published offered to it.</summary>
    public MeshStatements OpenFull()
    {
        var statements = Open();
        Assert.Empty(statements.OfferMembership(Mesh.MembershipOf(Device)));
        Assert.Empty(statements.Offer(Mesh.Published()));
        Assert.Empty(statements.OfferPeers(Mesh.SignedPeers(Device)));
        return statements;
    }

    /// <summary>The state directory as it is now; put back with <see cref="PutBack"/>.</summary>
    public Dictionary<string, byte[]> Copy() => Directory.GetFiles(Folder["state"], "*.cbor").ToDictionary(file => file, File.ReadAllBytes);

    public void PutBack(Dictionary<string, byte[]> copy)
    {
        foreach (var file in Directory.GetFiles(Folder["state"], "*.cbor")) File.Delete(file);
        foreach (var (file, bytes) in copy) state.Replace(Path.GetFileName(file), bytes);
    }

    public void Dispose()
    {
        state.Dispose();
        Folder.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
    }
}
