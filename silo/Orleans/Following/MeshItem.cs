using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>One piece of news of the mesh as a whole; what is null is not what it is about.</summary>
/// <param name="Told">An event for all feeds.</param>
/// <param name="Books">Policy or reference values changed.</param>
/// <param name="Listed">A status list came into force.</param>
/// <param name="Assigned">Devices that may have to examine others than before.</param>
/// <param name="Acknowledged">How far status lists have come.</param>
/// <param name="Nudge">A device is to be asked to examine a peer; whoever has it connected answers with the number.</param>
public sealed record MeshItem(
    TwinEvent? Told = null, bool Books = false, bool Listed = false, DeviceId[]? Assigned = null, Acknowledgement[]? Acknowledged = null, NudgeWish? Nudge = null);
