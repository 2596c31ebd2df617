using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;

namespace TrustMesh.Roots.Pkcs11;

public sealed partial class Pkcs11Root
{
    private const uint CertificateClass = 1;

    /// <summary>Opens the token and finds the identity key in it, which is made at the first start.</summary>
    /// <exception cref="RootException">No module, no token, no PIN, a key that could be a copy, or a token that is not this device's.</exception>
    public static Pkcs11Root Open(RootSettings settings)
    {
        settings.Check();
        return Open(settings, Cryptoki.Load(settings.Pkcs11!.Module));
    }

    /// <summary>As <see cref="Open(RootSettings)"/> over a module that is loaded already and now belongs to the root.</summary>
    public static Pkcs11Root Open(RootSettings settings, ICryptoki cryptoki)
    {
        settings.Check();
        TokenSession? session = null;
        try
        {
            var pin = new PinSource(settings.Pkcs11!.PinFile, settings.StateDirectory, Environment.GetEnvironmentVariable);
            return Ask(cryptoki.Module, "opening the token", () =>
            {
                session = TokenSession.Open(cryptoki, settings.Pkcs11, pin);
                var opened = Open(settings, cryptoki, session);
                return new Pkcs11Root(cryptoki, settings, pin, opened, StartCounter.Next(settings.StateDirectory));
            });
        }
        catch
        {
            session?.Dispose();
            cryptoki.Dispose();
            throw;
        }
    }

    private static Opened Open(RootSettings settings, ICryptoki cryptoki, TokenSession session)
    {
        var label = settings.Pkcs11!.KeyLabel;
        var known = new IdentityFile(settings.StateDirectory);
        var expected = known.Read();
        var key = IdentityKey.Find(cryptoki, session.Handle, label);
        if (key is null && expected is not null)
            throw new RootException($"Token {session.Token} has no key \"{label}\", but this device has one. Another token is another device: put back the right one, or remove {known.FullName} to enrol as another device.");
        key ??= IdentityKey.Make(cryptoki, session.Handle, label);
        if (expected is not null && !expected.AsSpan().SequenceEqual(key.Spki))
            throw new RootException($"The key \"{label}\" in token {session.Token} is not the one this device joined with. Another key is another device: put back the right token, or remove {known.FullName} to enrol as another device.");
        if (!key.Signs(cryptoki, session.Handle))
            throw new RootException($"The public key beside \"{label}\" in token {session.Token} does not belong to it. Remove that public key, or choose another keyLabel.");
        if (expected is null) known.Write(key.Spki);
        var notes = new List<string>();
        if (session.Token.Flags.HasFlag(TokenFlags.PinCountLow)) notes.Add("Before this start a wrong PIN was given to the token; the right one has cleared that count. Find out who gave it.");
        var (memory, note) = Memory(cryptoki, session, label);
        if (note is not null) notes.Add(note);
        return new(session, key, Issued(cryptoki, session, key), memory, notes);
    }

    /// <summary>The token's memory, or why it has none.</summary>
    private static (TokenMemory?, string?) Memory(ICryptoki cryptoki, TokenSession session, string label)
    {
        var memory = new TokenMemory(label);
        try
        {
            memory.Prepare(cryptoki, session.Handle);
            return (memory, null);
        }
        catch (Pkcs11Exception e) when (e.IsUnsupported)
        {
            return (null, FileMemory.Note($"the token keeps no data objects ({e.Rv})"));
        }
    }

    /// <summary>Certificates with the key's CKA_ID, DER: those over this very key first, then what may be their chain.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> Issued(ICryptoki cryptoki, TokenSession session, IdentityKey key)
    {
        if (key.Id.Length == 0) return [];
        List<ReadOnlyMemory<byte>> own = [], others = [];
        foreach (var one in cryptoki.Find(session.Handle, new CkTemplate().With(CkAttribute.Class, CertificateClass).With(CkAttribute.Token, true).With(CkAttribute.Id, key.Id)))
        {
            if (cryptoki.Attribute(session.Handle, one, CkAttribute.Value) is not { Length: > 0 and <= Caps.Certificate } value) continue;
            (IsOver(value, key.Spki) ? own : others).Add(value);
        }
        return own.Count == 0 ? [] : [.. own.Concat(others).Take(Caps.CertificateCount)];
    }

    private static bool IsOver(byte[] certificate, byte[] spki)
    {
        try
        {
            using var read = X509CertificateLoader.LoadCertificate(certificate);
            return read.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(spki);
        }
        catch (CryptographicException)
        {
            // Not X.509: some tokens keep card-verifiable certificates. Nobody could check it.
            return false;
        }
    }

    private sealed record Opened(TokenSession Session, IdentityKey Key, IReadOnlyList<ReadOnlyMemory<byte>> Certificates, TokenMemory? Memory, IReadOnlyList<string> Notes);
}
