using System.Security.Cryptography;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// Which key this device is: its SubjectPublicKeyInfo (DER), kept from the first start on. With it a token that was exchanged is noticed,
/// instead of getting a new key and becoming another device without a word (attack A13).
/// </summary>
internal sealed class IdentityFile(string stateDirectory)
{
    internal const string FileName = "token.key";

    private const int MaxSize = 256;

    private readonly string path = Path.Combine(stateDirectory, FileName);

    internal string FullName => path;

    /// <summary>Null before the first start. A damaged file is never replaced by another identity on its own.</summary>
    internal byte[]? Read()
    {
        if (PrivateFile.Read(path, MaxSize) is not { } spki) return null;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(spki, out var read);
            if (read == spki.Length && key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(spki)) return spki;
            throw new CryptographicException("it is not one key in its one encoding");
        }
        catch (CryptographicException e)
        {
            throw new RootException($"{path} is damaged ({e.Message}). Restore it from a backup; or remove it, and the key with that label in the token is the device.", e);
        }
    }

    internal void Write(byte[] spki) => PrivateFile.Write(path, spki);
}
