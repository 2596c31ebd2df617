namespace TrustMesh.Contracts;

/// <summary>Lets devices in that a query finds, without a person. Rules are asked in their order; the first that fits decides.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.</param>
/// <param name="Query">Over site, model, tier, name and id of a device that asks to join (API.md, Approval rules).</param>
/// <param name="Verified">Only devices with a TPM that a configured vendor answers for; else software keys that say so too.</param>
/// <param name="Version">Rises whenever the rule is set.</param>
/// <param name="By">Who set it last, and <paramref name="At"/> when.</param>
public sealed record ApprovalRule(string Name, string Query, bool Verified, long Version, string By, DateTimeOffset At);
