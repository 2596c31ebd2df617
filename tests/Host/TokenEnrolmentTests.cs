using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>Devices with a PKCS#11 token at a whole silo: what they say of themselves is bound to the approval of a person.</summary>
[Collection(SoftHsmCollection.Name)]
public class TokenEnrolmentTests(SoftHsm hsm)
{
    private const string Known = "Maker HSM 2, serial 1234: generated in the token, never extractable, always sensitive by the token's own word";

    [Fact]
    public async Task A_real_token_waits_for_a_person_and_the_verdict_says_what_is_known_and_who_took_it()
    {
        using var token = hsm.NewToken();
        using var root = RootOfTrust.Open(token.Settings(), TimeProvider.System);
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("hsm-1", root);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync(autoApprove: true))).Result!.Standing);
        var waiting = await silo.GetAsync<DeviceDetail>("devices/hsm-1");
        Assert.Equal(("pkcs11", "hardware-key"), (waiting.Identity.Root, waiting.Device.Tier));
        Assert.Contains($"serial {root.Facts!.SerialNumber}: generated in the token, never extractable", waiting.Identity.Endorsement, StringComparison.Ordinal);
        // A second token does not help either.
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync(autoApprove: true))).Result!.Standing);
        Assert.Null((await device.ProveAsync()).Membership);
        Assert.Contains("to be approved", Protection(await silo.GetAsync<DeviceDetail>("devices/hsm-1")).Got, StringComparison.Ordinal);

        await silo.PostAsync<DeviceSummary>("devices/hsm-1/approve", new Decision(null));
        var receipt = await device.ProveAsync();
        var membership = silo.Silo.Authority.Statements.VerifyMembership(receipt.Membership!.Value, DateTimeOffset.UtcNow).Accepted!;
        Assert.EndsWith("by the token's own word; taken on approval by admin", membership.Endorsement, StringComparison.Ordinal);
        Assert.StartsWith($"SoftHSM project SoftHSM v2, serial {root.Facts.SerialNumber}", membership.Endorsement, StringComparison.Ordinal);
        var finding = Protection(await silo.GetAsync<DeviceDetail>("devices/hsm-1"));
        Assert.Equal(("held by hardware", membership.Endorsement, "pass"), (finding.Expected, finding.Got, finding.Outcome));

        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("hsm-1"));
        await device.ProveAsync();
        var trusted = await silo.GetAsync<DeviceDetail>("devices/hsm-1");
        Assert.True(trusted.Device.Look == "trusted", string.Join('\n', trusted.Verdict!.Because));
        var bundle = await silo.Operator.GetByteArrayAsync("devices/hsm-1/evidence");
        var repeated = BundleVerifier.Verify(bundle, silo.Silo.AuthorityKey.SpkiHash).Repeated!;
        Assert.Equal(membership.Endorsement, repeated.Verdict.Because.Single(one => one.Check == "key.protection").Got);
    }

    [Fact]
    public async Task A_token_whose_root_was_listed_beforehand_is_admitted_and_the_membership_says_on_what()
    {
        using var root = new TokenRoot();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { KnownRoots = new HashSet<string> { Convert.ToHexStringLower(root.Device.ToUeid()[1..]) } });
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        var result = (await device.EnrolAsync(null)).Result!;
        Assert.Equal(Standing.Active, result.Standing);
        Assert.Equal($"{Known}; taken on the list of known roots", silo.Silo.Authority.Statements.VerifyMembership(result.Membership!.Value, DateTimeOffset.UtcNow).Accepted!.Endorsement);
    }

    [Theory]
    [InlineData(TokenKeyAttributes.Local)]
    [InlineData(TokenKeyAttributes.AlwaysSensitive)]
    [InlineData(TokenKeyAttributes.NeverExtractable)]
    [InlineData(TokenKeyAttributes.Extractable)]
    public async Task A10_A_key_that_could_be_a_copy_is_not_even_pending(TokenKeyAttributes changed)
    {
        using var root = new TokenRoot { Facts = TokenRoot.Usual with { Attributes = TokenRoot.Usual.Attributes ^ changed } };
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        var (result, code) = await device.EnrolAsync(await silo.JoinTokenAsync());
        Assert.Null(result);
        Assert.Equal("enrolment_refused", code);
    }

    [Fact]
    public async Task A10_The_same_key_in_another_token_is_a_matter_for_a_person_again_and_leaves_a_trace()
    {
        using var root = new TokenRoot();
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(await silo.JoinTokenAsync());
        await silo.PostAsync<DeviceSummary>("devices/hsm-1/approve", new Decision(null));

        // Newer firmware is the same token.
        root.Facts = TokenRoot.Usual with { Firmware = "3.2" };
        Assert.Equal(Standing.Active, (await device.EnrolAsync(null)).Result!.Standing);

        root.Facts = TokenRoot.Usual with { SerialNumber = "9999" };
        Assert.Equal("token_refused", (await device.EnrolAsync(null)).Code);
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/hsm-1")).Device.Standing);
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
        var moved = await silo.GetAsync<DeviceDetail>("devices/hsm-1");
        Assert.Contains("serial 9999", moved.Identity.Endorsement, StringComparison.Ordinal);
        Assert.Contains(moved.Timeline, line => line.Kind == "enrolled" && line.Text.Contains("with the same key, but now it is Maker HSM 2, serial 9999", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A13_A_member_that_enrols_again_as_another_token_is_put_out_at_its_peers_too_until_somebody_approves_it()
    {
        using var root = new TokenRoot();
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(await silo.JoinTokenAsync());
        Assert.Empty((await silo.GetAsync<RevocationView>("revocations")).Devices);
        await silo.PostAsync<DeviceSummary>("devices/hsm-1/approve", new Decision(null));
        var serial = (await silo.GetAsync<RevocationView>("revocations")).Serial;

        root.Facts = TokenRoot.Usual with { SerialNumber = "9999" };
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
        var listed = Assert.Single((await silo.GetAsync<RevocationView>("revocations")).Devices);
        Assert.Equal(("hsm-1", "suspended", serial + 1), (listed.Name, listed.Standing, listed.Since));
        await silo.RestartAsync();
        Assert.Equal("hsm-1", Assert.Single((await silo.GetAsync<RevocationView>("revocations")).Devices).Name);

        await silo.PostAsync<DeviceSummary>("devices/hsm-1/approve", new Decision(null));
        Assert.Empty((await silo.GetAsync<RevocationView>("revocations")).Devices);
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.ProveAsync()).Membership);
    }

    [Fact]
    public async Task A10_The_key_of_a_token_that_comes_as_a_software_key_is_not_let_in_by_a_token()
    {
        using var root = new TokenRoot();
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(await silo.JoinTokenAsync());
        await silo.PostAsync<DeviceSummary>("devices/hsm-1/approve", new Decision(null));
        (root.Kind, root.Facts) = (RootKind.Software, null);
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
    }

    private static Because Protection(DeviceDetail detail) => detail.Verdict!.Because.Single(line => line.Check == "key.protection");
}
