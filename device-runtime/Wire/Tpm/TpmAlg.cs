namespace TrustMesh.Wire.Tpm;

/// <summary>TPM_ALG_ID (TPM 2.0 Library part 2, 6.3) values this project knows.</summary>
public enum TpmAlg : ushort
{
    Rsa = 0x0001, Sha1 = 0x0004, Hmac = 0x0005, Aes = 0x0006, KeyedHash = 0x0008, Sha256 = 0x000b, Sha384 = 0x000c, Sha512 = 0x000d,
    Null = 0x0010, RsaSsa = 0x0014, RsaEs = 0x0015, RsaPss = 0x0016, Oaep = 0x0017, EcDsa = 0x0018, Ecdh = 0x0019, EcDaa = 0x001a,
    Sm2 = 0x001b, EcSchnorr = 0x001c, EcMqv = 0x001d, Kdf1Sp800_56a = 0x0020, Kdf1Sp800_108 = 0x0022, Ecc = 0x0023, SymCipher = 0x0025,
    Cfb = 0x0043,
}
