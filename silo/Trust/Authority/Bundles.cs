using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>Evidence bundles for auditors (PROTOCOL.md section 11), with the policy and the reference values that were in force then.</summary>
public sealed class Bundles(Func<DeviceId, IDeviceTwin> twins, ITwinStore store, MeshAuthority authority, PolicyBook policies, ReferenceBook references)
{
    /// <summary>Null if the device has no evidence that it gave as an active member.</summary>
    public async Task<byte[]?> MakeAsync(DeviceId device, CancellationToken cancellation)
    {
        if (await twins(device).ReadAsync(cancellation) is not { Verdict: not null } state) return null;
        if (await store.LoadProofAsync(device, cancellation) is not { } stored) return null;
        var proof = TwinProof.Decode(stored.Proof);
        if (proof.Membership.IsEmpty || await policies.FindAsync(proof.PolicySerial, cancellation) is not { } policy) return null;
        var values = proof.ReferenceSerial == 0 ? null : await references.FindAsync(proof.Model, proof.ReferenceSerial, cancellation);
        var key = state.Enrolment.Root == RootKind.Tpm ? state.Enrolment.AttestationKey : default;
        return new Bundle(
            proof.Evidence, proof.Leaf, proof.AcceptedAt.ToUnixTimeSeconds(), proof.Membership, policy, values, proof.Result, authority.Key.Spki, stored.Log, proof.SessionKey, key).Encode();
    }
}
