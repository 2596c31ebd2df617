using TrustMesh.Orleans.Following;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Grains;

/// <summary>
/// What there is once in a mesh: the one who writes status lists and hands out assignments, and the numbered news of the mesh that all silos follow.
/// In memory only; where it comes up anew it reads what is stored and asks the shards. Key: 0.
/// </summary>
[Alias("trustmesh.authority"), GrainInterfaceType("trustmesh.authority")]
public interface IAuthorityGrain : IGrainWithIntegerKey
{
    /// <summary>Devices that came, changed their standing or where they belong, and what the list has to say of them.</summary>
    [Alias("note")]
    Task NoteAsync(DeviceEntry[] entries, StatusChange[] changes);

    /// <summary>Ends when the list in force says what was noted of the device.</summary>
    [Alias("settled")]
    Task SettledAsync(DeviceId device);

    /// <inheritdoc cref="PeerAssignments.AnnounceAsync"/>
    [Alias("announce")]
    Task AnnounceAsync(DeviceEntry entry, string[] addresses);

    /// <inheritdoc cref="PeerAssignments.ForAsync"/>
    [Alias("assignment")]
    Task<SignedAssignment?> AssignmentAsync(DeviceId device);

    /// <summary>Policy or reference values were changed.</summary>
    [Alias("books")]
    Task BooksChangedAsync();

    /// <summary>An event of the mesh as a whole.</summary>
    [Alias("tell")]
    Task TellAsync(TwinEvent line);

    [Alias("acknowledge")]
    Task AcknowledgeAsync(Acknowledgement[] acknowledged);

    /// <summary>Asks every silo for the device; true once one has it connected and asked it.</summary>
    [Alias("nudge")]
    Task<bool> NudgeAsync(DeviceId device, DeviceId peer);

    /// <summary>A silo has asked the device of that wish.</summary>
    [Alias("nudged")]
    Task NudgedAsync(long wish);

    /// <summary>News after that number; waits for some if there are none, for a while.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("follow")]
    Task<MeshNews> FollowAsync(SiloReport report, long after);

    /// <summary>What silos said of themselves last.</summary>
    [Alias("reports")]
    Task<SiloReports> ReportsAsync();
}
