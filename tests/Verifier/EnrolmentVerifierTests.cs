using System.Numerics;
using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Verifier;

/// <summary>Requests to join, one thing wrong at a time.</summary>
public sealed class EnrolmentVerifierTests : IDisposable
{
    private const uint EkAttributes = 0x000300b2;

    private readonly TestVendor vendor = new();
    private readonly ShapeSigner signer = new();

    private EnrolRequest Good => new(null, "pump-07", "north", EvidenceCase.Model, RootKind.Tpm, vendor.EndorsementKey.Bytes, [vendor.Endorse()], signer.Public);

    [Fact]
    public void A_TPM_with_a_vendors_certificate_is_a_candidate()
    {
        var examined = Examine(Good);
        Assert.DoesNotContain(examined.Findings, one => one.Outcome != Outcome.Pass);
        var candidate = examined.Candidate!;
        Assert.Equal(AssuranceTier.TpmQuote, candidate.Tier);
        Assert.Equal(DeviceId.FromRootKey(vendor.EndorsementKey.ToSubjectPublicKeyInfo()), candidate.Device);
        Assert.Equal(signer.Key.Name.ToArray(), candidate.Key.Name.ToArray());
        Assert.True(candidate.Endorsement.Endorsed);
    }

    [Theory]
    [InlineData(TpmObjectAttributes.Restricted)]
    [InlineData(TpmObjectAttributes.Decrypt)]
    [InlineData(TpmObjectAttributes.FixedTpm)]
    [InlineData(TpmObjectAttributes.FixedParent)]
    [InlineData(TpmObjectAttributes.SensitiveDataOrigin)]
    public void A09_Rejects_a_root_key_that_is_no_endorsement_key(TpmObjectAttributes missing)
        => Refused("ek.attributes", Good with { RootPublic = Root((TpmObjectAttributes)EkAttributes & ~missing) });

    [Fact]
    public void A09_Rejects_a_root_key_that_signs() => Refused("ek.attributes", Good with { RootPublic = Root((TpmObjectAttributes)EkAttributes | TpmObjectAttributes.SignEncrypt) });

    [Fact]
    public void A10_Rejects_an_imported_attestation_key()
        => Refused("ak.attributes", Good with { AttestationKey = signer.PublicWith(TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt) });

    [Fact]
    public void A18_Rejects_bytes_behind_a_public_area() => Refused("enrol.format", Good with { AttestationKey = (byte[])[.. signer.Public, 0] });

    [Fact]
    public void A18_Rejects_an_endorsement_key_off_its_curve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        byte[] Area() => new TpmWriter().Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256).U32(EkAttributes).Sized(new byte[32]).Alg(TpmAlg.Aes).U16(128).Alg(TpmAlg.Cfb).Alg(TpmAlg.Null)
            .U16((ushort)TpmCurve.P256).Alg(TpmAlg.Null).Sized(point.X).Sized(point.Y).ToArray();
        Assert.NotNull(Examine(Good with { RootPublic = Area(), Certificates = [] }).Candidate);
        point.Y![31] ^= 1;
        Refused("enrol.format", Good with { RootPublic = Area(), Certificates = [] });
    }

    [Fact]
    public void A19_Rejects_an_endorsement_key_with_the_fingerprint_of_the_faulty_library()
    {
        var area = new TpmWriter().Alg(TpmAlg.Rsa).Alg(TpmAlg.Sha256).U32(EkAttributes).Sized(new byte[32]).Alg(TpmAlg.Aes).U16(128).Alg(TpmAlg.Cfb).Alg(TpmAlg.Null).U16(2048).U32(0)
            .Sized(Weak()).ToArray();
        Refused("ek.strength", Good with { RootPublic = area, Certificates = [] });
    }

    [Theory]
    [InlineData(RootKind.Software, AssuranceTier.Software)]
    [InlineData(RootKind.Zymbit, AssuranceTier.HardwareKey)]
    public void Other_roots_are_candidates_of_their_own_tier_and_a_warning_says_that_nothing_is_proven(RootKind kind, AssuranceTier tier)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var examined = Examine(Good with { Root = kind, RootPublic = key.ExportSubjectPublicKeyInfo(), Certificates = [], AttestationKey = default });
        Assert.Equal((tier, false), (examined.Candidate!.Tier, examined.Candidate.Endorsement.Endorsed));
        Assert.Equal(("root.protection", Outcome.Warn), (examined.Findings[0].Check, examined.Findings[0].Outcome));
    }

    [Fact]
    public void A17_Rejects_an_identity_key_that_can_not_sign_statements()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Refused("enrol.format", Good with { Root = RootKind.Software, RootPublic = key.ExportSubjectPublicKeyInfo(), Certificates = [], AttestationKey = default });
    }

    [Fact]
    public void A_credential_is_only_made_for_an_endorsement_key()
    {
        using var random = RandomNumberGenerator.Create();
        Assert.Throws<WireException>(() => new CredentialMaker(random).Make(TpmPublic.Decode(signer.Public), signer.Key.Name.Span));
    }

    [Fact]
    public void A42_No_flipped_bit_of_the_keys_does_more_than_be_refused()
    {
        using var random = RandomNumberGenerator.Create();
        var maker = new CredentialMaker(random);
        byte[] root = vendor.EndorsementKey.Bytes.ToArray(), key = signer.Public;
        for (var at = 0; at < root.Length + key.Length; at++)
        {
            var (bytes, index) = at < root.Length ? (root, at) : (key, at - root.Length);
            bytes[index] ^= 0x80;
            var examined = Examine(Good with { RootPublic = root, AttestationKey = key, Certificates = [] });
            if (examined.Candidate is { } candidate) Assert.Equal(32, maker.Make(candidate.EndorsementKey!, candidate.Key.Name.Span).Secret.Length);
            else Assert.Contains(examined.Findings, one => one.Outcome == Outcome.Fail);
            bytes[index] ^= 0x80;
        }
    }

    public void Dispose()
    {
        vendor.Dispose();
        signer.Dispose();
    }

    private EnrolmentExamination Examine(EnrolRequest request) => new EnrolmentVerifier(vendor.Roots).Examine(request, EvidenceCase.Now);

    private void Refused(string check, EnrolRequest request)
    {
        var examined = Examine(request);
        Assert.Null(examined.Candidate);
        Assert.Equal(check, Assert.Single(examined.Findings, one => one.Outcome == Outcome.Fail).Check);
    }

    private byte[] Root(TpmObjectAttributes attributes)
    {
        var bytes = vendor.EndorsementKey.Bytes.ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(4), System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((uint)attributes));
        return bytes;
    }

    /// <summary>2048 bits of the form that has the fingerprint: a power of 65537 modulo the product of the first primes.</summary>
    private static byte[] Weak()
    {
        int[] primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
        var m = primes.Aggregate(BigInteger.One, (product, prime) => product * prime);
        var modulus = (BigInteger.Pow(2, 2047) + BigInteger.Pow(2, 2000)) / m * m + BigInteger.ModPow(65537, 7, m);
        return modulus.ToByteArray(isUnsigned: true, isBigEndian: true);
    }
}
