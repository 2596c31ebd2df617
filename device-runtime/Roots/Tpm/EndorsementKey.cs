using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>A loaded endorsement key. It takes one of a TPM's three object slots, so it lives for one operation and is flushed.</summary>
public sealed class EndorsementKey : IDisposable
{
    private readonly TpmDevice tpm;
    private readonly bool transient;

    private EndorsementKey(TpmDevice tpm, uint handle, TpmPublic key, bool transient)
        => (this.tpm, Handle, Public, this.transient) = (tpm, handle, key, transient);

    public uint Handle { get; }

    public TpmPublic Public { get; }

    /// <summary>
    /// The key of a template: the persistent one where the firmware or an installer left it (an RSA key takes a slow TPM a minute to
    /// make), else made again from the endorsement seed, which always gives the same key.
    /// </summary>
    public static EndorsementKey Load(TpmDevice tpm, EndorsementTemplate template)
    {
        var stored = tpm.NvRead(template.TemplateIndex);
        var nonce = template.NonceIndex == 0 ? null : tpm.NvRead(template.NonceIndex);
        if (stored is null && nonce is null && Persistent(tpm, template) is { } found) return new(tpm, found.Handle, found.Key, transient: false);
        var (handle, key) = tpm.CreatePrimary(template.Public(stored, nonce));
        return new(tpm, handle, key, transient: true);
    }

    /// <summary>
    /// Runs a command that needs the key's authorisation: a policy session with PolicySecret(endorsement), and in the high range
    /// PolicyOR on top. The high range would take its empty password too, but a TPM counts its use as a wrong password when power is
    /// cut afterwards, and devices at the edge lose power. The session is flushed.
    /// </summary>
    public T Authorized<T>(Func<uint, T> use)
    {
        var hash = Public.NameAlg;
        var highRange = Public.AuthPolicy.Span.SequenceEqual(EndorsementPolicy.B(hash).Span);
        if (!highRange && !Public.AuthPolicy.Span.SequenceEqual(EndorsementPolicy.A(hash).Span))
        {
            if (Public.Attributes.HasFlag(TpmObjectAttributes.UserWithAuth)) return use(TpmHandle.Password);
            throw new RootException("The TPM's endorsement key has a policy of its vendor's own, which TrustMesh does not know. Choose another endorsement key in the settings.");
        }
        var session = tpm.StartPolicySession(hash);
        try
        {
            tpm.PolicySecret(TpmHandle.Endorsement, session);
            if (highRange) tpm.PolicyOr(session, EndorsementPolicy.A(hash).Span, EndorsementPolicy.C(hash).Span);
            return use(session);
        }
        finally
        {
            tpm.Flush(session);
        }
    }

    public void Dispose()
    {
        if (transient) tpm.Flush(Handle);
    }

    private static (uint Handle, TpmPublic Key)? Persistent(TpmDevice tpm, EndorsementTemplate template)
    {
        var parameters = template.Parameters();
        foreach (var handle in tpm.Handles(TpmHandle.PersistentEndorsementFirst))
        {
            if (handle > TpmHandle.PersistentEndorsementLast) break;
            if (TryReadPublic(tpm, handle) is { } key && key.Bytes.Span.StartsWith(parameters)) return (handle, key);
        }
        return null;
    }

    /// <summary>Other programs keep other things there; what is no RSA or ECC key is none of ours.</summary>
    private static TpmPublic? TryReadPublic(TpmDevice tpm, uint handle)
    {
        try
        {
            return tpm.ReadPublic(handle);
        }
        catch (WireException)
        {
            return null;
        }
    }
}
