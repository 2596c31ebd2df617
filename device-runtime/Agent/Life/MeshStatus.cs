namespace TrustMesh.Agent.Life;

/// <summary>What <c>trustmesh-agent status</c> shows of the mesh; null before the device has joined.</summary>
/// <param name="Peers">Whether the device examines peers at all, and if so where it listens; null: it does not.</param>
/// <param name="Accepted">Peers that may be talked to now, out of <paramref name="Known"/>.</param>
/// <param name="StatusList">Serial of the revocation list in force; 0: none.</param>
/// <param name="StatusListIssued">When the authority issued it.</param>
/// <param name="Current">It is young enough to judge by; if not, every peer is unknown.</param>
/// <param name="VerdictsWaiting">Verdicts the silo does not have yet.</param>
/// <param name="VerdictsDropped">Verdicts that had to make room, ever.</param>
/// <param name="Admission">How others are kept out: "off", "nftables".</param>
public sealed record MeshStatus(
    string? Peers,
    int Accepted,
    int Known,
    long Policy,
    long StatusList,
    DateTimeOffset? StatusListIssued,
    bool Current,
    long VerdictsWaiting,
    long VerdictsDropped,
    string Admission);
