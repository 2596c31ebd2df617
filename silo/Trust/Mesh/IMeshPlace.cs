using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Mesh;

/// <summary>
/// Where a mesh lives: in this process, or in a cluster of silos. It owns what there is once in a mesh (rows, twins, the writers of status lists,
/// assignments and logs, the clock that notes expiries) and keeps this silo's <see cref="MeshReplica"/> up to date. A silo answers from its replica;
/// what it changes it changes here. Thread-safe.
/// </summary>
public interface IMeshPlace : IAsyncDisposable
{
    /// <summary>This silo in the list of silos.</summary>
    string Name { get; }

    IRecordStore Records { get; }

    /// <summary>How this silo finds the storage of rows and twins.</summary>
    FailureRun Storage { get; }

    ITwinStore TwinStore { get; }

    /// <summary>What cannot be unsaid: every change is in it before it is acknowledged.</summary>
    IMeshLog Log { get; }

    /// <summary>Begins the mesh's logs where there are none, and says how many there are. Before anything else of the mesh.</summary>
    Task<int> BeginLogsAsync(CancellationToken cancellation);

    /// <summary>Fills the replica and follows the mesh from now on. The books of policy and reference values are loaded already.</summary>
    Task StartAsync(MeshReplica replica, CancellationToken cancellation);

    /// <summary>The device's twin, whether it exists yet or not. A decision is answered when the status list in force says it.</summary>
    IDeviceTwin Twin(DeviceId device);

    /// <summary>A device the replica may not know yet, from where it is known first; null if the mesh does not know it.</summary>
    ValueTask<DeviceEntry?> FindAsync(DeviceId device, CancellationToken cancellation);

    /// <summary>The device whose accepted evidence vouched for this session key (SubjectPublicKeyInfo) at another silo; null if there is none.</summary>
    DeviceId? Proven(ReadOnlyMemory<byte> sessionKey);

    /// <summary>Where an active device listens, from its own mouth.</summary>
    Task AnnounceAsync(DeviceEntry entry, IReadOnlyList<string> addresses, CancellationToken cancellation);

    /// <summary>Whom the device has to examine, signed; null if it is not on the rings.</summary>
    Task<SignedAssignment?> AssignmentAsync(DeviceId device, CancellationToken cancellation);

    /// <summary>A device says which status list it enforces (see <see cref="Propagation.Acknowledge"/>).</summary>
    void Acknowledge(DeviceId device, long serial, long enforcedMs, long gaps);

    /// <summary>An event of the mesh as a whole, for the feeds of all silos.</summary>
    void Tell(TwinEvent line);

    /// <summary>Asks a device, wherever it is connected, to examine a peer now, or, with itself as the peer, to prove itself; false if it is not connected.</summary>
    Task<bool> NudgeAsync(DeviceId device, DeviceId peer, CancellationToken cancellation);

    /// <summary>An issuer's record was saved with this version: all silos learn its edges.</summary>
    Task PublishAsync(IssuerRecord record, long version, CancellationToken cancellation);

    /// <summary>A status list is in force at this silo: assignments move with it, before any device is woken.</summary>
    void Issued(StatusIssue issue);

    /// <summary>Policy or reference values were changed through this silo's books: the others follow.</summary>
    void BooksChanged();

    /// <summary>
    /// Takes one of <paramref name="most"/> that all silos together have for this key and that come back within <paramref name="within"/>; false if
    /// there is none (attack A42). A silo's own limits come first.
    /// </summary>
    ValueTask<bool> TryTakeAsync(string purpose, string key, int most, TimeSpan within, CancellationToken cancellation);

    /// <summary>The silos of the mesh, by name.</summary>
    Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken cancellation);
}
