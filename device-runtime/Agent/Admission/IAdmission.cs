using System.Net;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// Who may talk to this device at all. A peer is let in for as long as its evidence counts; nobody has to take it out again (attack A49). Throws
/// <see cref="IOException"/> with a sentence that names the fix.
/// </summary>
public interface IAdmission : IAsyncDisposable
{
    /// <summary>For people: "nftables", "off".</summary>
    string Description { get; }

    /// <summary>Closes the doors for everyone but what is allowed by configuration; the ports peers knock at stay open. Whoever was let in before, by an
    /// earlier run too, has to prove itself again.</summary>
    Task CloseAsync(CancellationToken stop);

    /// <summary>What this device itself may connect to before it knows who is there: the silo and the ports of its peers. Replaces what was reachable before.</summary>
    Task ReachAsync(IReadOnlyCollection<IPEndPoint> endpoints, CancellationToken stop);

    /// <summary>Lets an address in for that long from now; a shorter time than before replaces it.</summary>
    Task AdmitAsync(IPAddress address, TimeSpan lifetime, CancellationToken stop);

    /// <summary>Takes an address out now.</summary>
    Task ExpelAsync(IPAddress address, CancellationToken stop);

    /// <summary>True while the doors stand as <see cref="CloseAsync"/> left them; false when somebody took them away or changed them since.</summary>
    Task<bool> StandsAsync(CancellationToken stop);
}
