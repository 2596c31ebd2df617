using System.Security.Cryptography;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Keys;

namespace TrustMesh.Host.Keys;

/// <summary>A P-256 key in a PKCS#8 file. A key in a file is for trying out, and says so: its kind is "software".</summary>
public static class KeyFile
{
    private const int Largest = 4096;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Reads the key, or makes one where there is none. Throws <see cref="InvalidDataException"/> with a sentence for the operator.</summary>
    public static SigningKey OpenOrCreate(string path)
    {
        if (SecretFile.Read(path, Largest) is { } stored)
        {
            try
            {
                using var key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(stored, out var read);
                var parameters = key.ExportParameters(true);
                if (read == stored.Length && parameters.Curve.Oid.Value == P256) return new(parameters, "software");
            }
            catch (CryptographicException broken)
            {
                throw new InvalidDataException($"{path} is not a key ({broken.Message}); restore it from a backup. Without it this silo cannot go on as the same mesh.", broken);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(stored);
            }
            throw new InvalidDataException($"{path} is not a P-256 key; restore the right file from a backup.");
        }
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pkcs8 = fresh.ExportPkcs8PrivateKey();
        try
        {
            SecretFile.Write(path, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
        return new(fresh.ExportParameters(true), "software");
    }
}
