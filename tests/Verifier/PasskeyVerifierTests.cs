using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Tests.Verifier;

/// <summary>Each item of the checklist of <see cref="PasskeyVerifier"/>, with one thing changed in an otherwise valid ceremony.</summary>
public sealed class PasskeyVerifierTests
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly PasskeyExpectation Expected =
        new("http://localhost:7490", "localhost", challenge => challenge.Span.SequenceEqual(Challenge) ? null : "another");

    public static TheoryData<string, Action<SoftwareAuthenticator>> Lies => new()
    {
        { "passkey.type", one => one.Type = "webauthn.other" },
        { "passkey.origin", one => one.Origin = "http://localhost:7491" },
        { "passkey.origin", one => one.Origin = "http://localhost:7490.evil.example" },
        { "passkey.origin", one => one.Origin = "HTTP://LOCALHOST:7490" },
        { "passkey.frame", one => one.More = ",\"crossOrigin\":true" },
        { "passkey.frame", one => one.More = ",\"crossOrigin\":false,\"topOrigin\":\"https://evil.example\"" },
        { "passkey.rp", one => one.RpId = "evil.example" },
        { "passkey.present", one => one.Flags = 0x04 },
        { "passkey.verified", one => one.Flags = 0x01 },
    };

    [Theory]
    [InlineData(false, 0x05)]
    [InlineData(false, 0x1d)]
    [InlineData(true, 0x05)]
    public void A_passkey_is_registered_and_signs_in(bool rsa, byte flags)
    {
        using var authenticator = new SoftwareAuthenticator(rsa) { Flags = flags };
        var registered = Register(authenticator);
        Assert.NotNull(registered.Accepted);
        Assert.All(registered.Findings, finding => Assert.Equal(Outcome.Pass, finding.Outcome));
        Assert.Equal(authenticator.Id, registered.Accepted.Id.ToArray());
        Assert.Equal(flags == 0x1d, registered.Accepted.BackedUp);
        authenticator.Counter++;
        var used = Assertion(authenticator, Known(registered.Accepted));
        Assert.NotNull(used.Accepted);
        Assert.Equal(11, used.Findings.Count);
        Assert.Equal(2u, used.Accepted.Counter);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_ceremony_with_one_thing_wrong_is_refused_for_that_alone(string check, Action<SoftwareAuthenticator> lie)
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        authenticator.Counter++;
        lie(authenticator);
        AssertRefused(check, Assertion(authenticator, known));
        AssertRefused(check, Register(authenticator));
    }

    [Fact]
    public void A_challenge_that_is_not_ours_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        authenticator.Counter++;
        AssertRefused("passkey.challenge", Assertion(authenticator, known, RandomNumberGenerator.GetBytes(32)));
    }

    [Fact]
    public void An_answer_to_one_ceremony_is_none_to_the_other()
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        (authenticator.Counter, authenticator.Type) = (2, "webauthn.create");
        AssertRefused("passkey.type", Assertion(authenticator, known));
        authenticator.Type = "webauthn.get";
        AssertRefused("passkey.type", Register(authenticator));
    }

    [Theory]
    [InlineData(5u, 5u, false)]
    [InlineData(5u, 4u, false)]
    [InlineData(5u, 0u, false)]
    [InlineData(0u, 0u, true)]
    [InlineData(0u, 1u, true)]
    [InlineData(4_000_000_000u, 4_000_000_001u, true)]
    public void A_counter_that_counts_only_rises(uint before, uint now, bool good)
    {
        using var authenticator = new SoftwareAuthenticator { Counter = before };
        var known = Known(Register(authenticator).Accepted!);
        authenticator.Counter = now;
        var used = Assertion(authenticator, known);
        if (good) Assert.NotNull(used.Accepted);
        else AssertRefused("passkey.counter", used);
    }

    [Fact]
    public void A_key_that_could_not_be_copied_can_not_suddenly()
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        (authenticator.Flags, authenticator.Counter) = (0x0d, 2);
        AssertRefused("passkey.backup", Assertion(authenticator, known));
    }

    [Fact]
    public void Another_key_s_signature_is_refused()
    {
        using var one = new SoftwareAuthenticator();
        using var other = new SoftwareAuthenticator { Counter = 2 };
        AssertRefused("passkey.signature", Assertion(other, Known(Register(one).Accepted!)));
    }

    [Fact]
    public void A17_The_algorithm_is_the_key_s_and_no_other()
    {
        using var ec = new SoftwareAuthenticator();
        using var rsa = new SoftwareAuthenticator(rsa: true) { Counter = 2 };
        // An RSA signature under a key registered as ES256, and the other way round.
        AssertRefused("passkey.signature", Assertion(rsa, Known(Register(ec).Accepted!)));
        rsa.Counter = 1;
        ec.Counter = 2;
        AssertRefused("passkey.signature", Assertion(ec, Known(Register(rsa).Accepted!)));
        foreach (var (authenticator, algorithm) in new[] { (ec, -257), (ec, -35), (ec, -8), (rsa, -7), (rsa, -37), (rsa, -65535) })
        {
            authenticator.Algorithm = algorithm;
            AssertRefused("passkey.format", Register(authenticator));
        }
    }

    [Fact]
    public void A18_A_signature_has_one_encoding()
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        authenticator.Counter++;
        foreach (var change in new Func<byte[], byte[]>[] { signature => [.. signature, 0], signature => [0x30, 0x81, .. signature[1..]], _ => new byte[64], signature => signature[..^1] })
        {
            authenticator.Change = change;
            AssertRefused("passkey.signature", Assertion(authenticator, known));
        }
        authenticator.Change = _ => [];
        AssertRefused("passkey.format", Assertion(authenticator, known));
        authenticator.Change = _ => new byte[1025];
        AssertRefused("passkey.format", Assertion(authenticator, known));
    }

    [Theory]
    [InlineData("packed")]
    [InlineData("fido-u2f")]
    public void An_attestation_nobody_asked_for_is_refused(string format)
    {
        using var authenticator = new SoftwareAuthenticator { Format = format };
        AssertRefused("passkey.format", Register(authenticator));
    }

    [Theory]
    [InlineData(",\"type\":\"webauthn.get\"")]
    [InlineData(",\"origin\":\"http://localhost:7490\"")]
    [InlineData("}{")]
    public void Client_data_that_two_readers_could_read_two_ways_is_refused(string more)
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        (authenticator.More, authenticator.Counter) = (more, 2);
        AssertRefused("passkey.format", Assertion(authenticator, known));
    }

    [Fact]
    public void What_browsers_add_is_passed_over()
    {
        using var authenticator = new SoftwareAuthenticator { More = ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":{\"a\":[1,{}]}" };
        Assert.NotNull(Register(authenticator).Accepted);
    }

    [Theory]
    [InlineData(0x07)]
    [InlineData(0x25)]
    [InlineData(0x15)]
    [InlineData(0x85)]
    public void A_flag_that_is_not_used_or_contradicts_another_is_refused(byte flags)
    {
        using var authenticator = new SoftwareAuthenticator();
        var known = Known(Register(authenticator).Accepted!);
        (authenticator.Flags, authenticator.Counter) = (flags, 2);
        AssertRefused("passkey.format", Assertion(authenticator, known));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024)]
    public void A42_A_credential_id_has_1_to_1023_bytes(int length)
    {
        using var authenticator = new SoftwareAuthenticator { Id = new byte[length] };
        AssertRefused("passkey.format", Register(authenticator));
    }

    private static Statement<VerifiedPasskey> Register(SoftwareAuthenticator authenticator)
    {
        var (client, attestation) = authenticator.Create(Challenge);
        return PasskeyVerifier.Register(Expected, client, attestation);
    }

    private static Statement<VerifiedAssertion> Assertion(SoftwareAuthenticator authenticator, KnownPasskey known, byte[]? challenge = null)
    {
        var (client, data, signature) = authenticator.Get(challenge ?? Challenge);
        return PasskeyVerifier.Assert(Expected, known, client, data, signature);
    }

    private static KnownPasskey Known(VerifiedPasskey made) => new(made.Key, made.Counter, made.BackupEligible);

    private static void AssertRefused<T>(string check, Statement<T> statement) where T : class
    {
        Assert.Null(statement.Accepted);
        Assert.Equal([check], statement.Findings.Where(finding => finding.Outcome != Outcome.Pass).Select(finding => finding.Check));
    }
}
