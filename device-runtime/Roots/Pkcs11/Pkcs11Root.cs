using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// A PKCS#11 token as root of trust: HSM, security key, smart card. The device's identity is a P-256 key that was made in the token and can not
/// leave it; it signs evidence itself. A token has no registers, so measurements go into a hash chain that every start begins anew, and the tier
/// says so.
/// </summary>
public sealed partial class Pkcs11Root : IRoot
{
    private readonly ICryptoki cryptoki;
    private readonly Pkcs11Settings settings;
    private readonly PinSource pin;
    private readonly TokenMemory? memory;
    private readonly FileMemory file;
    private readonly MeasurementChain chain = new();
    private readonly IdentityKey identity;
    private TokenSession? session;
    private nuint key;

    private Pkcs11Root(ICryptoki cryptoki, RootSettings settings, PinSource pin, Opened opened, uint boot)
    {
        (this.cryptoki, this.settings, this.pin, Boot) = (cryptoki, settings.Pkcs11!, pin, boot);
        (session, identity, memory, file) = (opened.Session, opened.Key, opened.Memory, new(settings.StateDirectory));
        key = identity.Handle;
        Device = DeviceId.FromRootKey(identity.Spki);
        (Certificates, Notes) = (opened.Certificates, opened.Notes);
        var token = session.Token;
        Facts = new(token.Manufacturer, token.Model, token.Serial, token.Firmware, identity.Attributes);
        Description = Grammar.Fit($"PKCS#11 token {token.Manufacturer} {token.Model} {token}, firmware {token.Firmware}; key \"{this.settings.KeyLabel}\" {identity.Protection}, by the token's own word");
    }

    public RootKind Kind => RootKind.Pkcs11;

    public AssuranceTier Tier => AssuranceTier.HardwareKey;

    public string Description { get; }

    public DeviceId Device { get; }

    public ReadOnlyMemory<byte> RootPublic => identity.Spki;

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot { get; }

    public TokenFacts? Facts { get; }

    public IReadOnlyList<string> Notes { get; }

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
    {
        var spki = sessionSpki.ToArray();
        return Ask("answering the enrolment challenge", _ => EnrolmentAnswer.BySignature(Sign, challenge, spki));
    }

    public void Extend(ReadOnlySpan<byte> entryDigest) => chain.Extend(entryDigest);

    public byte[] ReadRegister() => chain.Read();

    public byte[]? Recall() => (memory is null ? null : Ask("recalling", one => memory.Recall(cryptoki, one.Handle))) ?? file.Recall();

    public void Remember(ReadOnlySpan<byte> memory)
    {
        if (this.memory is not { } held)
        {
            file.Remember(memory);
            return;
        }
        var bytes = memory.ToArray();
        Ask("remembering", one =>
        {
            held.Remember(cryptoki, one.Handle, bytes);
            return true;
        });
        file.Forget();
    }

    public Evidence Prove(EvidenceDraft draft) => Ask("signing evidence", _ => TokenEvidence.Make(draft, chain.Head, identity.Thumbprint, Sign));

    public void Dispose()
    {
        session?.Dispose();
        session = null;
        cryptoki.Dispose();
    }

    private byte[] Sign(byte[] data)
    {
        var signature = cryptoki.Sign(session!.Handle, key, SHA256.HashData(data));
        return signature.Length == 64 ? signature : throw new RootException($"The token gave a signature of {signature.Length} bytes, not 64. Report it with the token's maker and firmware.");
    }

    /// <summary>Runs with a session; if it is lost, with a new one, once: a token may be pulled out and put in again.</summary>
    private T Ask<T>(string what, Func<TokenSession, T> question) => Ask(cryptoki.Module, what, () =>
    {
        if (session is { } open)
        {
            try
            {
                return question(open);
            }
            catch (Pkcs11Exception lost) when (lost.IsSessionLost)
            {
                session.Dispose();
                session = null;
            }
        }
        return question(Reopen());
    });

    /// <summary>Only with the key this root was opened with: another token is another device (attack A13).</summary>
    private TokenSession Reopen()
    {
        var again = TokenSession.Open(cryptoki, settings, pin);
        try
        {
            var found = IdentityKey.Find(cryptoki, again.Handle, settings.KeyLabel);
            if (found is null || !found.Spki.AsSpan().SequenceEqual(identity.Spki))
                throw new RootException($"Token {again.Token} does not hold this device's key. Another token is another device: put back the right one.");
            (session, key) = (again, found.Handle);
            return again;
        }
        catch
        {
            again.Dispose();
            throw;
        }
    }

    private static T Ask<T>(string module, string what, Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Pkcs11Exception e)
        {
            throw new RootException($"{module}: while {what}, {e.Function} failed: {e.Message}", e);
        }
    }
}
