namespace TrustMesh.Contracts;

/// <summary>What a draft of a policy would say of the last evidence of every device, by the reference values of today. Nothing is signed and nobody is told.</summary>
/// <param name="Draft">The policy as it would be, with the next version.</param>
/// <param name="Against">Version of the policy in force that it was held against.</param>
/// <param name="Devices">All that are not revoked. Each is one of the next five.</param>
/// <param name="Complete">False: time ran out, and those that were not reached are unjudged.</param>
/// <param name="Causes">At most 100, those with most devices first.</param>
/// <param name="Cases">At most 1,000, those that would fail first.</param>
public sealed record PolicySimulation(
    PolicyView Draft, long Against, int Devices, int Same, int Fails, int Passes, int Changes, int Unjudged, bool Complete, IReadOnlyList<PolicyCause> Causes, IReadOnlyList<PolicyCase> Cases);
