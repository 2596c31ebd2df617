using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A30: policy, reference values and memberships that are unsigned, swapped, older or out of date.</summary>
public sealed class A30StatementTests
{
    private static readonly EvidenceCase Case = new();

    private static TestAuthority Authority => Case.Authority;

    private static StatementVerifier Verifier => Authority.Verifier;

    private static Membership Membership => new(TestAuthority.Mesh, Case.Device, "pump-07", "north", EvidenceCase.Model, AssuranceTier.TpmQuote,
        Case.Tpm.Key.SubjectPublicKeyInfo, new byte[16], 0, "https://silo.north.example/status/1", EvidenceCase.Now.ToUnixTimeSeconds(), EvidenceCase.Now.ToUnixTimeSeconds() + 60);

    [Fact]
    public void A30_Accepts_what_the_authority_signed()
    {
        Assert.NotNull(Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue), EvidenceCase.Now, 1).Accepted);
        Assert.NotNull(Verifier.VerifyReference(Authority.Sign(Case.ReferenceValue), EvidenceCase.Now, 4, EvidenceCase.Model).Accepted);
        Assert.Equal(Case.Device, Verifier.VerifyMembership(Authority.Sign(Membership), EvidenceCase.Now).Accepted!.Device);
    }

    [Fact]
    public void A30_Rejects_a_policy_of_another_authority()
    {
        using var other = new TestAuthority();
        Refused("statement.signature", Verifier.VerifyPolicy(other.Sign(Case.PolicyValue), EvidenceCase.Now));
    }

    [Fact]
    public void A30_Rejects_every_flipped_bit_of_a_policy()
    {
        var signed = Authority.Sign(Case.PolicyValue);
        for (var at = 0; at < signed.Length; at++)
        {
            signed[at] ^= 1;
            Assert.Null(Verifier.VerifyPolicy(signed, EvidenceCase.Now).Accepted);
            signed[at] ^= 1;
        }
        Assert.NotNull(Verifier.VerifyPolicy(signed, EvidenceCase.Now).Accepted);
    }

    [Fact]
    public void A30_Rejects_an_older_policy_than_the_one_in_force()
        => Refused("statement.serial", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue), EvidenceCase.Now, leastSerial: 2));

    [Fact]
    public void A30_Rejects_older_reference_values_than_those_in_force()
        => Refused("statement.serial", Verifier.VerifyReference(Authority.Sign(Case.ReferenceValue), EvidenceCase.Now, leastSerial: 5));

    [Fact]
    public void A30_Rejects_an_expired_policy()
        => Refused("statement.dates", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue), EvidenceCase.Now.AddDays(1)));

    [Fact]
    public void A30_Rejects_a_policy_from_the_future()
        => Refused("statement.dates", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue), EvidenceCase.Now.AddMinutes(-10)));

    [Fact]
    public void A30_Rejects_expired_reference_values()
        => Refused("statement.dates", Verifier.VerifyReference(Authority.Sign(Case.ReferenceValue), EvidenceCase.Now.AddDays(1)));

    [Fact]
    public void A30_Rejects_an_expired_membership()
        => Refused("statement.dates", Verifier.VerifyMembership(Authority.Sign(Membership), EvidenceCase.Now.AddSeconds(60)));

    [Fact]
    public void A30_Rejects_a_membership_passed_off_as_a_policy()
        => Refused("statement.typ", Verifier.VerifyPolicy(Authority.Sign(Membership), EvidenceCase.Now));

    [Fact]
    public void A30_Rejects_a_policy_under_another_typ()
        => Refused("statement.typ", Verifier.VerifyPolicy(Authority.SignAs(Membership.Typ, Case.PolicyValue.EncodePayload()), EvidenceCase.Now));

    [Fact]
    public void A30_Rejects_a_policy_of_another_mesh_with_the_same_key()
        => Refused("statement.issuer", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue with { Issuer = "mesh-south" }), EvidenceCase.Now));

    [Fact]
    public void A30_Rejects_reference_values_of_another_model()
        => Refused("reference.model", Verifier.VerifyReference(Authority.Sign(Case.ReferenceValue), EvidenceCase.Now, 0, "pump"));

    [Theory]
    [InlineData(16)]
    [InlineData(23)]
    public void A30_Rejects_a_policy_over_a_register_anyone_can_reset(int pcr)
        => Refused("policy.registers", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue with { Pcrs = [0, 13, pcr] }), EvidenceCase.Now));

    [Fact]
    public void A30_Rejects_a_policy_whose_measurement_register_is_not_quoted()
        => Refused("policy.registers", Verifier.VerifyPolicy(Authority.Sign(Case.PolicyValue with { Pcrs = [0, 7] }), EvidenceCase.Now));

    [Fact]
    public void A30_Reference_values_that_expire_later_stop_counting_then()
        => (Case with { At = EvidenceCase.Now.AddDays(2), Policy = policy => policy with { ExpiresAt = EvidenceCase.Now.AddDays(9).ToUnixTimeSeconds() } })
            .IsJudged(TrustTier.None, "reference.present");

    private static void Refused<T>(string check, Statement<T> statement) where T : class
    {
        Assert.Null(statement.Accepted);
        Assert.Equal(check, Assert.Single(statement.Findings, one => one.Outcome != Outcome.Pass).Check);
    }
}
