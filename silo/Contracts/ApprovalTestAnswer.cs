namespace TrustMesh.Contracts;

/// <summary>What rules would do, and would have done. Each list has at most 1,000 devices, those it would let in first.</summary>
/// <param name="Waiting">Devices that wait now.</param>
/// <param name="Joined">Devices that joined in the time asked about, the newest that are tried.</param>
/// <param name="WaitingIn">How many of those who wait it would let in; likewise <paramref name="JoinedIn"/>.</param>
/// <param name="JoinedAll">How many joined in that time; of more than 5,000 the newest 5,000 are tried.</param>
public sealed record ApprovalTestAnswer(IReadOnlyList<ApprovalTrial> Waiting, IReadOnlyList<ApprovalTrial> Joined, int WaitingIn, int JoinedIn, int WaitingAll, int JoinedAll);
