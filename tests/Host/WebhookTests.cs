using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TrustMesh.Contracts;
using TrustMesh.Host.Settings;
using TrustMesh.Host.Webhooks;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Webhooks;

namespace TrustMesh.Tests.Host;

public class WebhookTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_becomes_of_an_alert_arrives_signed_as_a_cloud_event()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var silo = await RunningSilo.StartAsync(OnLoopback);
        var secret = (await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", receiver.Url))).Secret;
        using var device = await silo.JoinAsync("press-1");
        await silo.PutAsync("alerts/rules/newcomers", new AlertRuleUpdate("name:press-1", "info"));
        await ArrivedAsync(receiver, 1);
        var alert = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
        await silo.PostAsync<AlertView>($"alerts/{alert.Id}/acknowledge", new AlertNote("on it"));
        await ArrivedAsync(receiver, 2);
        using var removed = await silo.Operator.DeleteAsync("alerts/rules/newcomers");
        await ArrivedAsync(receiver, 3);
        Assert.Equal(["io.trustmesh.alert.fired.v1", "io.trustmesh.alert.acknowledged.v1", "io.trustmesh.alert.resolved.v1"], receiver.Got.Select(Type));
        Assert.All(receiver.Got, one =>
        {
            Assert.True(WebhookReceiver.IsSigned(one, secret));
            Assert.StartsWith("application/cloudevents+json", one.ContentType);
            using var body = JsonDocument.Parse(one.Body);
            var root = body.RootElement;
            Assert.Equal((one.Id, $"alerts/{alert.Id}", alert.Text), (root.GetProperty("id").GetString(), root.GetProperty("subject").GetString(), root.GetProperty("data").GetProperty("text").GetString()));
        });
        Assert.Equal(3, receiver.Got.Select(one => one.Id).Distinct().Count());
        await DeliveredAsync(silo, "ops", 3);
        Assert.All(await silo.GetAsync<IReadOnlyList<WebhookDelivery>>("webhooks/ops/deliveries"), one => Assert.Equal((204, 1, null), (one.Status, one.Attempts, one.Error)));
    }

    [Fact]
    public async Task An_error_is_tried_again_and_the_log_says_what_came_of_each()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var silo = await RunningSilo.StartAsync(OnLoopback);
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", receiver.Url));
        receiver.Answer = context =>
        {
            context.Response.StatusCode = receiver.Got.Count < 2 ? 500 : 200;
            return Task.CompletedTask;
        };
        await TestAsync(silo, "ops");
        await Eventually.TrueAsync(() => receiver.Got.Count == 2, "the second try", Deadline);
        await DeliveredAsync(silo, "ops", 1);
        Assert.Single(receiver.Got.Select(one => one.Id).Distinct());
        Assert.Equal(2, (await silo.GetAsync<IReadOnlyList<WebhookDelivery>>("webhooks/ops/deliveries")).Single().Attempts);
    }

    [Fact]
    public async Task A_slow_one_holds_up_nobody_and_an_answer_without_end_is_not_read()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        using var huge = new TcpListener(IPAddress.Loopback, 0);
        huge.Start();
        await using var silo = await RunningSilo.StartAsync(OnLoopback);
        slow.Answer = _ => slow.Stopping;
        var flood = FloodAsync(huge);
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("slow", slow.Url));
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("huge", $"http://{huge.LocalEndpoint}/hook"));
        await TestAsync(silo, "slow");
        await Eventually.TrueAsync(() => slow.Got.Count == 1, "the slow one to be called", Deadline);
        await TestAsync(silo, "huge");
        await DeliveredAsync(silo, "huge", 1);
        Assert.InRange(await flood, 1, 16 * 1024 * 1024);
        await Eventually.TrueAsync(() => Last(silo, "slow") is { Error: "timeout" }, "the slow one to be given up for now", Deadline);
        Assert.NotNull(Last(silo, "slow")!.NextAt);
    }

    [Fact]
    public async Task A41_A_redirect_is_not_followed_wherever_it_leads()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var silo = await RunningSilo.StartAsync(OnLoopback);
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"http://{trap.LocalEndpoint}/latest/meta-data";
            return Task.CompletedTask;
        };
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", receiver.Url));
        await TestAsync(silo, "ops");
        await Eventually.TrueAsync(() => Last(silo, "ops") is { Error: "redirect", Status: 307 }, "the redirect to be refused", Deadline);
        Assert.False(trap.Pending());
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://localhost:PORT/")]
    [InlineData("http://[::1]:PORT/")]
    [InlineData("https://127.0.0.1:PORT/")]
    [InlineData("https://localhost:PORT/")]
    [InlineData("https://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("https://2130706433:PORT/")]
    [InlineData("https://0.0.0.0:PORT/")]
    public async Task A41_Nothing_of_our_own_is_dialled_unless_the_machines_owner_says_so(string url)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", url.Replace("PORT", $"{((IPEndPoint)trap.LocalEndpoint).Port}", StringComparison.Ordinal)));
        await TestAsync(silo, "ops");
        await Eventually.TrueAsync(() => Last(silo, "ops") is { Error: "refused-address", Status: null }, "the address to be refused", Deadline);
        Assert.False(trap.Pending());
    }

    [Fact]
    public async Task A41_A_name_that_means_another_address_the_second_time_is_looked_at_each_time()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var asked = 0;
        using var sender = new WebhookSender([], TimeProvider.System, (_, _) => Task.FromResult(new[] { ++asked == 1 ? IPAddress.Parse("10.0.0.1") : IPAddress.Loopback }));
        var call = WebhookCall.Sign($"https://rebinding.example:{((IPEndPoint)trap.LocalEndpoint).Port}/", "msg_1", DateTimeOffset.UtcNow, "{}"u8.ToArray(), [new byte[32]]);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal("refused-address", (await sender.SendAsync(call, default)).Error);
            Assert.Equal(i, asked);
        }
        Assert.False(trap.Pending());
    }

    [Fact]
    public async Task A41_Of_a_name_with_two_addresses_only_the_one_that_may_be_called_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        // Without TLS a name has to lead to loopback, whatever is allowed besides.
        using var sender = new WebhookSender([IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("10.0.0.0/8")], TimeProvider.System, (_, _) => Task.FromResult(new[] { IPAddress.Parse("10.255.255.1"), IPAddress.Parse("127.0.0.2"), IPAddress.Loopback }));
        var call = WebhookCall.Sign($"http://localhost:{port}/", "msg_1", DateTimeOffset.UtcNow, "{}"u8.ToArray(), [new byte[32]]);
        Assert.Equal((204, null), ((await sender.SendAsync(call, default)).Status, (await sender.SendAsync(call, default)).Error));
        using var nobody = new WebhookSender([], TimeProvider.System, (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        Assert.Equal("no-name", (await nobody.SendAsync(call, default)).Error);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450:4001:81b::200e", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("2001:db8::1", false)]
    public void A41_What_is_ours_and_what_is_somebody_elses(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://hooks.example/")]
    [InlineData("ftp://hooks.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:pass@hooks.example/")]
    [InlineData("https://hooks.example/#here")]
    [InlineData("/hook")]
    [InlineData("")]
    public async Task An_address_that_cannot_be_one_is_refused_when_it_is_written(string url)
    {
        Assert.NotNull(WebhookUrl.Wrong(url));
        await using var silo = await RunningSilo.StartAsync();
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "webhooks", new WebhookRequest("ops", url))).Code);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<WebhookView>>("webhooks"));
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_delivery_loses_nothing_and_the_id_is_the_same()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var silo = await RunningSilo.StartAsync(OnLoopback);
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", receiver.Url));
        receiver.Answer = _ => receiver.Stopping;
        await TestAsync(silo, "ops");
        await Eventually.TrueAsync(() => receiver.Got.Count == 1, "the first try", Deadline);
        await silo.RestartAsync(() => receiver.Answer = context =>
        {
            context.Response.StatusCode = 200;
            return Task.CompletedTask;
        });
        await DeliveredAsync(silo, "ops", 1);
        Assert.Equal(2, receiver.Got.Count);
        Assert.Single(receiver.Got.Select(one => one.Id).Distinct());
    }

    [Fact]
    public async Task A47_The_secret_of_a_webhook_is_in_the_answer_that_made_it_and_nowhere_else()
    {
        using var log = new LogLines();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var silo = await RunningSilo.StartAsync(OnLoopback, loggers: log);
        var url = receiver.Url + "?key=of-the-receiver";
        var first = (await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", url))).Secret;
        using var rotated = await silo.Operator.PostAsync("webhooks/ops/rotate", null);
        var second = (await rotated.Content.ReadFromJsonAsync<WebhookSecret>())!.Secret;
        await TestAsync(silo, "ops");
        await DeliveredAsync(silo, "ops", 1);
        Assert.True(WebhookReceiver.IsSigned(receiver.Got.Single(), first) && WebhookReceiver.IsSigned(receiver.Got.Single(), second));
        var stored = await silo.StoredAsync();
        var answers = string.Join('\n', await silo.Operator.GetStringAsync("webhooks"), await silo.Operator.GetStringAsync("webhooks/ops/deliveries"), await silo.Operator.GetStringAsync("log/0/entries?limit=1000"));
        foreach (var secret in (string[])[first, second])
        {
            var bytes = Convert.FromBase64String(secret["whsec_".Length..]);
            string[] texts = [secret, secret["whsec_".Length..], Convert.ToHexString(bytes)];
            Assert.All(log.All, line => Assert.All(texts, text => Assert.DoesNotContain(text, line, StringComparison.OrdinalIgnoreCase)));
            Assert.All(texts, text => Assert.DoesNotContain(text, answers, StringComparison.OrdinalIgnoreCase));
            Assert.All([bytes, System.Text.Encoding.ASCII.GetBytes(secret["whsec_".Length..])], one => Assert.Equal(-1, stored.AsSpan().IndexOf(one)));
        }
        // What follows the host can be a secret of whoever listens there.
        Assert.All(log.All, line => Assert.DoesNotContain("of-the-receiver", line, StringComparison.Ordinal));
        Assert.DoesNotContain("of-the-receiver", await silo.Operator.GetStringAsync("log/0/entries?limit=1000"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A37_Webhooks_are_an_admins_matter_reading_too()
    {
        await using var silo = await RunningSilo.StartAsync();
        await silo.PostAsync<WebhookSecret>("webhooks", new WebhookRequest("ops", "https://hooks.example/"));
        using var approver = await silo.SignInAsync("approver");
        foreach (var (method, path) in ((string, string)[])[("GET", "webhooks"), ("POST", "webhooks"), ("DELETE", "webhooks/ops"), ("POST", "webhooks/ops/rotate"), ("POST", "webhooks/ops/test"), ("GET", "webhooks/ops/deliveries"), ("POST", "webhooks/ops/deliveries/msg_1/resend")])
        {
            using var request = new HttpRequestMessage(new(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) };
            using var answer = await approver.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, "webhooks", new WebhookRequest("ops", "https://hooks.example/"))).Code);
        using var nobody = await silo.Operator.PostAsync("webhooks/nobody/test", null);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        using var removed = await silo.Operator.DeleteAsync("webhooks/ops");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    [Fact]
    public void The_networks_that_webhooks_may_go_to_are_read_strictly()
    {
        var (settings, errors) = SettingsReader.Read(["--webhook-private", "10.4.0.0/16, fd00:4::/32"]);
        Assert.Empty(errors);
        Assert.Equal(["10.4.0.0/16", "fd00:4::/32"], settings!.WebhookNetworks!.Select(network => $"{network}"));
        foreach (var wrong in (string[])["yes", "10.4.0.1", "10.4.0.1/16", "10.0.0.0/33"])
            Assert.Contains("must be a network", Assert.Single(SettingsReader.Read(["--webhook-private", wrong]).Errors));
    }

    private static SiloSettings OnLoopback(SiloSettings settings) => settings with { WebhookNetworks = [IPNetwork.Parse("127.0.0.0/8")] };

    /// <summary>Answers one caller with a body without an end, until the caller hangs up; gives the bytes that went, those in buffers too.</summary>
    private static async Task<long> FloodAsync(TcpListener listener)
    {
        using var caller = await listener.AcceptSocketAsync();
        await caller.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray());
        var (sent, flood) = (0L, new byte[64 * 1024]);
        try
        {
            while (true) sent += await caller.SendAsync(flood).WaitAsync(Deadline);
        }
        catch (SocketException)
        {
            return sent;
        }
    }

    private static async Task TestAsync(RunningSilo silo, string name)
    {
        using var answer = await silo.Operator.PostAsync($"webhooks/{name}/test", null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static WebhookDelivery? Last(RunningSilo silo, string name) => silo.Silo.Webhooks.DeliveriesAsync(name, default).GetAwaiter().GetResult().FirstOrDefault();

    private static Task ArrivedAsync(WebhookReceiver receiver, int count) => Eventually.TrueAsync(() => receiver.Got.Count == count, $"message {count}", Deadline);

    private static Task DeliveredAsync(RunningSilo silo, string name, int count)
        => Eventually.TrueAsync(() => silo.Silo.Webhooks.DeliveriesAsync(name, default).GetAwaiter().GetResult().Count(one => one.State == "delivered") == count, $"{count} to be delivered to {name}", Deadline);

    private static string Type((string Id, string ContentType, string Timestamp, byte[] Body, string Signature, string Path) got)
    {
        using var body = JsonDocument.Parse(got.Body);
        return body.RootElement.GetProperty("type").GetString()!;
    }
}
