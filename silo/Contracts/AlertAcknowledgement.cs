namespace TrustMesh.Contracts;

/// <summary>Who took an alert on, and what they wrote.</summary>
public sealed record AlertAcknowledgement(string By, DateTimeOffset At, string? Note);
