using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The door for signed statements that reach the device: signed by the pinned authority (or a key it certified), of the one kind expected,
/// about this device. A membership and a verdict are all there is; nothing else from a silo makes the device do or keep anything (attack A46).
/// </summary>
public sealed class SiloStatements(ReadOnlyMemory<byte> authorityKey, DeviceId self)
{
    private readonly StatementVerifier verifier = new(AttestationKey.FromSubjectPublicKeyInfo(authorityKey));

    /// <summary>The membership, or null and what is wrong with it.</summary>
    public Membership? Membership(ReadOnlyMemory<byte> signed, DateTimeOffset now, out string problem)
        => Mine(verifier.VerifyMembership(signed, now), membership => membership.Device, out problem);

    /// <summary>The verdict on this device, for people; the agent's behaviour does not depend on it.</summary>
    public AttestationResult? Result(ReadOnlyMemory<byte> signed, DateTimeOffset now, out string problem)
        => Mine(verifier.VerifyResult(signed, now), result => result.Device, out problem);

    private T? Mine<T>(Statement<T> statement, Func<T, DeviceId> subject, out string problem) where T : class
    {
        problem = "";
        if (statement.Accepted is not { } value)
        {
            var failed = statement.Findings.First(finding => finding.Outcome != Outcome.Pass);
            problem = $"{failed.Check}: expected {failed.Expected}, got {failed.Got}";
            return null;
        }
        if (subject(value) == self) return value;
        problem = "it is about another device";
        return null;
    }
}
