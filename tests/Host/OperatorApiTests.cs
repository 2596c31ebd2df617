using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

public class OperatorApiTests
{
    [Fact]
    public async Task A_code_signs_in_once()
    {
        await using var silo = await RunningSilo.StartAsync();
        var code = await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ann", "operator"));
        using var anyone = silo.Client(null);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => anyone.PostAsJsonAsync("session", new SignIn(code.Code))));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Sessions_and_devices_survive_a_restart()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        var token = viewer.DefaultRequestHeaders.Authorization!.Parameter;
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var before = await silo.GetAsync<DeviceDetail>("devices/device-1");
        await silo.RestartAsync();
        using var again = silo.Client(token);
        var after = await again.GetFromJsonAsync<DeviceDetail>("devices/device-1");
        Assert.Equal(before.Device, after!.Device);
        Assert.Equal(before.Timeline, after.Timeline);
        await device.ConnectAsync(silo.Devices);
        await device.ProveAsync();
    }

    [Fact]
    public async Task Devices_come_in_pages_by_name()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var name in (string[])["c", "a", "e", "b", "d"]) (await silo.JoinAsync(name)).Dispose();
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await silo.GetAsync<DevicePage>($"devices?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            Assert.Equal(5, page.Total);
            names.AddRange(page.Items.Select(item => item.Name));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(["a", "b", "c", "d", "e"], names);
        Assert.Equal(["b"], (await silo.GetAsync<DevicePage>("devices?q=b")).Items.Select(item => item.Name).Where(name => name == "b"));
        Assert.Empty((await silo.GetAsync<DevicePage>("devices?look=revoked")).Items);
    }

    [Fact]
    public async Task A_decision_about_an_older_version_is_a_conflict()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "devices/device-1/revoke") { Content = JsonContent.Create(new Decision("why")) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
        using var answer = await silo.Operator.SendAsync(request);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("conflict", (await answer.Content.ReadFromJsonAsync<Problem>())!.Code);
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/device-1")).Device.Standing);
    }

    [Theory]
    [InlineData("enroll/tokens", """{"uses":0,"ttlSeconds":600,"autoApprove":true}""")]
    [InlineData("enroll/tokens", """{"uses":1,"ttlSeconds":600,"autoApprove":true,"sight":"lab"}""")]
    [InlineData("enroll/tokens", """{"uses":1,"ttlSeconds":600""")]
    [InlineData("operators", """{"name":"ann","role":"god"}""")]
    [InlineData("devices/device-1/suspend", """{}""")]
    public async Task A_request_that_is_wrong_is_invalid_and_says_what_to_do(string path, string body)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        using var answer = await silo.Operator.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var problem = await answer.Content.ReadFromJsonAsync<Problem>();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.StatusCode, problem!.Code));
        Assert.False(string.IsNullOrEmpty(problem.Detail));
        Assert.False(string.IsNullOrEmpty(problem.TraceId));
    }

    [Fact]
    public async Task A_policy_that_would_make_everybody_stale_is_refused_and_serials_rise()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var refused = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 10));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var accepted = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 120, MayChange: ["/var/log/*"]));
        var policy = await accepted.Content.ReadFromJsonAsync<PolicyView>();
        Assert.Equal((2, 120), (policy!.Version, policy.LifetimeSeconds));
        await silo.RestartAsync();
        Assert.Equal(2, (await silo.GetAsync<PolicyView>("policy")).Version);
    }

    [Fact]
    public async Task A_known_root_is_admitted_without_token_and_an_endorsed_TPM_waits_for_an_operator()
    {
        using var tpm = Swtpm.Manufacture();
        using var known = new TestDevice("known");
        var hash = Convert.ToHexStringLower(known.Id.ToUeid()[1..]);
        await using var silo = await RunningSilo.StartAsync(settings => settings with { KnownRoots = new HashSet<string> { hash }, EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        await known.ConnectAsync(silo.Devices);
        Assert.Equal(TrustMesh.Wire.Messages.Standing.Active, (await known.EnrolAsync(null)).Result!.Standing);
        using var root = TrustMesh.Roots.RootOfTrust.Open(tpm.Settings(), TimeProvider.System);
        using var endorsed = new TestDevice("endorsed", root);
        await endorsed.ConnectAsync(silo.Devices);
        Assert.Equal(TrustMesh.Wire.Messages.Standing.Pending, (await endorsed.EnrolAsync(null)).Result!.Standing);
    }

    [Fact]
    public async Task A_TPM_of_an_unknown_maker_is_never_admitted_by_a_token_alone()
    {
        using var tpm = Swtpm.Manufacture();
        using var root = TrustMesh.Roots.RootOfTrust.Open(tpm.Settings(), TimeProvider.System);
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("stranger", root);
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(TrustMesh.Wire.Messages.Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
        Assert.Contains("no configured vendor", (await silo.GetAsync<DeviceDetail>("devices/stranger")).Identity.Endorsement, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_state_of_another_mesh_is_refused_with_the_fix()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("in one Redis every mesh has rows of its own, and a container of blobs is checked in Orleans/Cluster");
        var settings = silo.Settings with { Mesh = "other-mesh" };
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => SiloProcess.StartAsync(settings, new LogLines(), TimeProvider.System, CancellationToken.None));
        Assert.Contains("--mesh test-mesh", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_say_what_is_so_to_admins_and_nothing_that_is_secret_or_a_path()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        await device.ProveAsync();
        var text = await silo.Operator.GetStringAsync("settings");
        var view = await silo.GetAsync<SettingsView>("settings");
        var authority = Assert.Single(view.Dated, one => one.What == "authority");
        using var told = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(await silo.Operator.GetStringAsync("authority"));
        Assert.Equal(told.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), authority.Fingerprint, ignoreCase: true);
        var devices = Assert.Single(view.Dated, one => one.What == "devices");
        // It is the one that devices are shown.
        Assert.Equal(device.SiloCertificates[0].GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), devices.Fingerprint, ignoreCase: true);
        Assert.InRange((devices.NotAfter - DateTimeOffset.UtcNow).TotalDays, 80, 90);
        Assert.DoesNotContain(view.Dated, one => one.What == "operators");
        var policy = await silo.GetAsync<PolicyView>("policy");
        Assert.Equal(policy.ExpiresAt, Assert.Single(view.Dated, one => one.What == "policy").NotAfter);
        Assert.Equal((await silo.GetAsync<RevocationView>("revocations")).ExpiresAt, Assert.Single(view.Dated, one => one.What == "status-list").NotAfter, TimeSpan.FromSeconds(1));
        Assert.Contains(view.Kept, one => one is { What: "How long a verdict counts", Setting: "trustmesh policy set --lifetime" } && one.HowLong == $"{policy.LifetimeSeconds} s");
        Assert.Contains(view.Backup.Parts, one => one.What == "authority.key");
        Assert.Null(view.Backup.LastAt);
        Assert.DoesNotContain(silo.Silo.Settings.State, text, StringComparison.Ordinal);

        Assert.Empty(await silo.GetAsync<IReadOnlyList<GroupView>>("operators/groups"));
        using var viewer = await silo.SignInAsync("approver");
        foreach (var path in (string[])["settings", "operators/groups"]) Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync(path)).StatusCode);
        var site = Assert.Single((await viewer.GetFromJsonAsync<IReadOnlyList<SiteView>>("sites"))!);
        Assert.Equal((1, 1), (site.Devices, site.Counts.Values.Sum()));
        Assert.Equal((await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Site, site.Name);
        Assert.Equal((1, 0), (await silo.GetAsync<MeshView>("mesh")).Coverage is { } covered ? (covered.Active, covered.Examiners) : default);
    }
}
