namespace TrustMesh.Contracts;

/// <summary>A device that a plan revokes.</summary>
/// <param name="Mark">Of what was decided about it so far, 16 hex digits: another enrolment, standing, name or site is another mark; a new proof is not.</param>
public sealed record PlannedDevice(string Id, string Name, string Site, string Standing, string Look, string Mark);
