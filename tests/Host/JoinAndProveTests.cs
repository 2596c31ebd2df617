using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

public class JoinAndProveTests
{
    [Fact]
    public async Task A_real_TPM_joins_proves_itself_and_is_trusted_once_its_files_are_known()
    {
        using var tpm = Swtpm.Manufacture();
        using var root = RootOfTrust.Open(tpm.Settings(), TimeProvider.System);
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        using var device = new TestDevice("tpm-1", root);
        device.Measure("/etc/app.conf", "good");
        device.Measure("/etc/other.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var (joined, code) = await device.EnrolAsync(await silo.JoinTokenAsync());
        Assert.Equal("", code);
        Assert.Equal(Standing.Active, joined!.Standing);
        Assert.Equal(device.Id, joined.Device);

        var first = await device.ProveAsync();
        Assert.Equal(Standing.Active, first.Standing);
        var unknown = await silo.GetAsync<DeviceDetail>("devices/tpm-1");
        Assert.NotEqual("trusted", unknown.Device.Look);
        Assert.Equal("tpm-quote", unknown.Device.Tier);

        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("tpm-1"));
        await device.ProveAsync();
        var known = await silo.GetAsync<DeviceDetail>("devices/tpm-1");
        Assert.True(known.Device.Look == "trusted", string.Join("\n", known.Verdict!.Because));

        device.Measure("/etc/app.conf", "evil");
        await device.ProveAsync();
        var changed = await silo.GetAsync<DeviceDetail>("devices/tpm-1");
        Assert.Equal("contraindicated", changed.Device.Look);
        Assert.Contains(changed.Verdict!.Because, line => line.Outcome == "fail" && line.Claim.Contains("/etc/app.conf", StringComparison.Ordinal));
        Assert.True(changed.Identity.MembershipUntil > changed.Verdict.IssuedAt.AddDays(20));
        Assert.Equal(64, changed.Identity.SessionKey!.Length);

        // It goes on failing, and another file joins: each has its own begin, and what passes has none.
        device.Measure("/etc/other.conf", "evil");
        await device.ProveAsync();
        var worse = await silo.GetAsync<DeviceDetail>("devices/tpm-1");
        var (one, other) = (worse.Verdict!.Because.First(line => line.Claim == "/etc/app.conf"), worse.Verdict.Because.First(line => line.Claim == "/etc/other.conf"));
        Assert.Equal(changed.Verdict.Because.First(line => line.Claim == "/etc/app.conf").Since, one.Since);
        Assert.True(one.Since < other.Since && other.Since == worse.Timeline[^1].At, $"{one.Since:O} {other.Since:O}");
        Assert.All(worse.Verdict.Because, line => Assert.Equal(line.Outcome == "pass", line.Since is null));

        device.Measure("/etc/app.conf", "good");
        device.Measure("/etc/other.conf", "good");
        await device.ProveAsync();
        Assert.Equal("trusted", (await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Device.Look);
    }

    [Fact]
    public async Task A_software_device_joins_and_says_that_it_is_software()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        Assert.Equal("software", (await silo.GetAsync<DeviceDetail>("devices/device-1")).Device.Tier);
    }

    [Fact]
    public async Task The_bundle_of_a_device_verifies_offline()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("device-1"));
        device.Measure("/etc/second.conf", "unknown");
        await device.ProveAsync();
        var bundle = await silo.Operator.GetByteArrayAsync("devices/device-1/evidence");
        var verified = BundleVerifier.Verify(bundle, silo.Silo.AuthorityKey.SpkiHash);
        Assert.True(verified.Repeated is not null, string.Join("\n", verified.Findings.Where(finding => finding.Outcome != Outcome.Pass)));
    }

    [Fact]
    public async Task A_pending_device_gets_no_good_word_until_it_is_approved()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var (joined, _) = await device.EnrolAsync(await silo.JoinTokenAsync(autoApprove: false));
        Assert.Equal(Standing.Pending, joined!.Standing);
        Assert.Null(joined.Membership);

        var pending = await device.ProveAsync();
        Assert.Equal(Standing.Pending, pending.Standing);
        Assert.Equal(TrustTier.None, Accepted(silo, pending).Status);
        Assert.Null(pending.Membership);

        var approved = await silo.PostAsync<DeviceSummary>("devices/device-1/approve", new Decision(null));
        Assert.Equal("active", approved.Standing);
        var active = await device.ProveAsync();
        Assert.NotNull(active.Membership);
        Assert.NotNull(silo.Silo.Authority.Statements.VerifyMembership(active.Membership.Value, DateTimeOffset.UtcNow).Accepted);
    }

    [Fact]
    public async Task A_revoked_device_is_told_so_in_a_signed_result_and_stays_revoked()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        await silo.PostAsync<DeviceSummary>("devices/device-1/revoke", new Decision("stolen"));
        var receipt = await device.ProveAsync();
        Assert.Equal(Standing.Revoked, receipt.Standing);
        Assert.Equal(TrustTier.Contraindicated, Accepted(silo, receipt).Status);
        var again = await device.EnrolAsync(await silo.JoinTokenAsync());
        Assert.Equal(Standing.Revoked, again.Result!.Standing);
        using var answer = await silo.Operator.PostAsJsonAsync("devices/device-1/resume", new Decision(null));
        Assert.Equal(409, (int)answer.StatusCode);
    }

    private static AttestationResult Accepted(RunningSilo silo, Receipt receipt)
    {
        var statement = silo.Silo.Authority.Statements.VerifyResult(receipt.Result, DateTimeOffset.UtcNow);
        return statement.Accepted ?? throw new InvalidOperationException(string.Join("\n", statement.Findings));
    }
}
