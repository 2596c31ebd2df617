namespace TrustMesh.Trust.Operators;

/// <summary>One person, as others see them.</summary>
public sealed record OperatorEntry(string Name, OperatorRights Rights, bool Disabled, DateTimeOffset CreatedAt, string CreatedBy);
