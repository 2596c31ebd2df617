using TrustMesh.Trust.Operators;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>Who may revoke what: an operator of the device's site; while it waits to be let in, an approver (attack A37).</summary>
public static class RevocationRights
{
    public static OperatorRole Needed(Standing standing) => standing == Standing.Pending ? OperatorRole.Approver : OperatorRole.Operator;

    /// <summary>Null if these rights are enough; else the right that is missing, such as <c>operator for site oslo</c>.</summary>
    public static string? Missing(OperatorRights rights, Standing standing, string site)
        => rights.At(site) >= Needed(standing) ? null : $"{OperatorRights.Word(Needed(standing))} for site {site}";
}
