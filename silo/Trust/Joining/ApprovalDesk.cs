using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// Asks the approval rules about a device. Default deny, in this order:
/// <list type="number">
/// <item>a rule's query fits; without one a person decides</item>
/// <item>its root is what it claims: an endorsed TPM, or, where the rule does not ask for a verified one, a software key that calls itself one. A PKCS#11 token
/// has nobody who answers for it, and always waits for a person (as with join tokens)</item>
/// <item>it is new: hardware that was here before under any membership, and who carries the name of a revoked device, waits for a person (attacks A10, A13)</item>
/// </list>
/// What a device says of itself (name, site and model, unless its join token says them) is its own word: a rule without <c>Verified</c> believes it. Thread-safe.
/// </summary>
public sealed class ApprovalDesk(ApprovalRules rules, IdentityBook identities)
{
    /// <param name="verified">A configured vendor answers for its TPM; null: nothing is kept of that.</param>
    /// <param name="before">The device's twin so far; null if it has none.</param>
    public async Task<ApprovalRuling> AskAsync(Enrolment enrolment, bool? verified, TwinState? before, CancellationToken cancellation)
        => await AskAsync(await rules.ListAsync(cancellation), enrolment, verified, before, cancellation);

    /// <param name="asked">Rules in their order.</param>
    /// <inheritdoc cref="AskAsync(Enrolment, bool?, TwinState?, CancellationToken)"/>
    public async Task<ApprovalRuling> AskAsync(IReadOnlyList<ApprovalRule> asked, Enrolment enrolment, bool? verified, TwinState? before, CancellationToken cancellation)
    {
        ApprovalRule? first = null;
        string? why = null;
        foreach (var rule in asked)
        {
            if (!Fits(rule, enrolment)) continue;
            first ??= rule;
            if (Root(rule, enrolment, verified) is { } weak)
            {
                why ??= weak;
                continue;
            }
            var doubt = IdentityBook.Doubt(await identities.SeenAsync(enrolment, before, cancellation));
            return doubt is null ? new(rule, rule, null) : new(null, rule, $"Seen before: {IdentityBook.Sentence(doubt)}; that is for a person.");
        }
        return new(null, first, why);
    }

    private static bool Fits(ApprovalRule rule, Enrolment enrolment)
        => ApprovalRules.Parse(rule.Query, out _) is { } query && query.Matches(
            new DeviceFacts(
                enrolment.Device.Text, enrolment.Name, enrolment.Site, enrolment.Model, Tiers.Text(enrolment.Tier), TwinTransition.Text(Standing.Pending), Looks.Pending,
                null, null, null, enrolment.At, null, null, null), enrolment.At);

    /// <summary>What is missing of its root for the rule; null if nothing is.</summary>
    private static string? Root(ApprovalRule rule, Enrolment enrolment, bool? verified) => (enrolment.Tier, verified) switch
    {
        (AssuranceTier.TpmQuote, true) => null,
        (AssuranceTier.TpmQuote, null) => "Nothing is kept of who answers for its TPM.",
        (AssuranceTier.TpmQuote, _) => "No configured vendor answers for its TPM.",
        (AssuranceTier.Software, _) => rule.Verified ? "The rule wants a TPM that is verified, and this is a software key." : null,
        _ => "Nobody answers for its token; that is for a person.",
    };
}
