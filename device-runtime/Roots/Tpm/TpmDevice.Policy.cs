using System.Security.Cryptography;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmDevice
{
    /// <summary>TPM2_StartAuthSession, 11.1: an unbound, unsalted policy session. The caller flushes it.</summary>
    public uint StartPolicySession(TpmAlg hash)
    {
        const byte policy = 1;
        var command = new TpmCommand(TpmCommandCode.StartAuthSession).On(TpmHandle.Null).On(TpmHandle.Null);
        command.Parameters.Sized(RandomNumberGenerator.GetBytes(16)).Sized([]).U8(policy).Alg(TpmAlg.Null).Alg(hash);
        var response = Run(command);
        var reader = new TpmReader(response.Parameters);
        reader.Sized("nonceTPM", 64);
        reader.End("StartAuthSession");
        return response.Handle;
    }

    /// <summary>TPM2_PolicySecret, 23.4: the policy of low-range EKs is the endorsement hierarchy's password (empty).</summary>
    public void PolicySecret(uint authority, uint session)
    {
        var command = new TpmCommand(TpmCommandCode.PolicySecret).On(authority, TpmHandle.Password).On(session);
        command.Parameters.Sized([]).Sized([]).Sized([]).U32(0);
        var reader = new TpmReader(Run(command).Parameters);
        reader.Sized("timeout", 8);
        reader.U16("policyTicket.tag");
        reader.U32("policyTicket.hierarchy");
        reader.Sized("policyTicket.digest", 64);
        reader.End("PolicySecret");
    }

    /// <summary>TPM2_PolicyOR, 23.6: the session holds one of these policies and from now on stands for all of them.</summary>
    public void PolicyOr(uint session, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var command = new TpmCommand(TpmCommandCode.PolicyOr).On(session);
        command.Parameters.U32(2).Sized(first).Sized(second);
        Nothing(Run(command), "PolicyOR");
    }
}
