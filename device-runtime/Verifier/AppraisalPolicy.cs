using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>A policy whose signature, serial and dates were checked, with its patterns compiled. Made by <c>StatementVerifier</c>.</summary>
public sealed class AppraisalPolicy
{
    internal AppraisalPolicy(Policy policy, ReadOnlyMemory<byte> signed) => (Policy, Signed) = (policy, signed);

    public Policy Policy { get; }

    /// <summary>The COSE_Sign1 it came in.</summary>
    public ReadOnlyMemory<byte> Signed { get; }
}
