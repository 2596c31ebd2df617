using System.Net;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A11ServerEnrolmentTests
{
    [Fact]
    public async Task A11_The_first_answer_burns_the_enrolment_and_the_error_says_only_no()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        var begun = await device.PostAsync("/device/v1/enrol", device.EnrolRequest(await silo.JoinTokenAsync()).Encode());
        var challenge = EnrolChallenge.Decode(begun.Body);
        var right = device.Root.AnswerEnrolment(challenge, device.SessionSpkiHash);
        var wrong = right.ToArray();
        wrong[0] ^= 1;
        var refused = await device.PostAsync("/device/v1/enrol/activate", new ActivateRequest(challenge.EnrolmentId, wrong).Encode());
        Assert.Equal("enrolment_refused", refused.Code);
        Assert.DoesNotContain(Convert.ToHexString(right)[..16], System.Text.Encoding.UTF8.GetString(refused.Body), StringComparison.OrdinalIgnoreCase);
        Assert.True(refused.Body.Length < 200);
        Assert.Equal("enrolment_refused", (await device.PostAsync("/device/v1/enrol/activate", new ActivateRequest(challenge.EnrolmentId, right).Encode())).Code);
    }

    [Fact]
    public async Task A11_An_enrolment_cannot_be_answered_on_another_connection()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        var challenge = EnrolChallenge.Decode((await device.PostAsync("/device/v1/enrol", device.EnrolRequest(await silo.JoinTokenAsync()).Encode())).Body);
        var answer = new ActivateRequest(challenge.EnrolmentId, device.Root.AnswerEnrolment(challenge, device.SessionSpkiHash)).Encode();
        await device.ConnectAsync(silo.Devices);
        Assert.Equal("enrolment_refused", (await device.PostAsync("/device/v1/enrol/activate", answer)).Code);
    }

    [Fact]
    public async Task A11_A_proof_for_another_session_key_is_refused()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        var challenge = EnrolChallenge.Decode((await device.PostAsync("/device/v1/enrol", device.EnrolRequest(await silo.JoinTokenAsync()).Encode())).Body);
        var answer = new ActivateRequest(challenge.EnrolmentId, device.Root.AnswerEnrolment(challenge, new byte[32])).Encode();
        var refused = await device.PostAsync("/device/v1/enrol/activate", answer);
        Assert.Equal((HttpStatusCode.Forbidden, "enrolment_refused"), (refused.Status, refused.Code));
        Assert.Empty(silo.Silo.Directory.Entries);
    }
}
