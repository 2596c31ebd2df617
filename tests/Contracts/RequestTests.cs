using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Contracts;

/// <summary>Requests as they are sent: a silo of the version before refuses members it does not know, and during an upgrade there is one.</summary>
public sealed class RequestTests
{
    [Fact]
    public void A_join_token_without_tags_is_asked_for_as_it_was_before_there_were_any()
        => Assert.Equal("""{"uses":1,"ttlSeconds":60,"autoApprove":true,"site":null,"model":null}""", JsonSerializer.Serialize(new JoinTokenRequest(1, 60, true), ContractJson.Default.JoinTokenRequest));

    [Fact]
    public void An_API_token_is_asked_for_with_what_it_may_do_and_for_how_long()
        => Assert.Equal(
            """{"name":"ci","grants":[{"role":"operator","sites":["oslo"]}],"ttlSeconds":3600,"reason":null}""",
            JsonSerializer.Serialize(new ApiTokenRequest("ci", [new("operator", ["oslo"])], 3600), ContractJson.Default.ApiTokenRequest));

    [Fact]
    public void A_person_of_a_silo_of_before_there_were_API_tokens_has_none_that_are_known()
        => Assert.Null(JsonSerializer.Deserialize("""{"name":"ann","grants":[],"disabled":false,"createdAt":"2026-01-01T00:00:00Z","createdBy":"x","sessions":0,"passkeys":0}""", ContractJson.Default.OperatorView)!.ApiTokens);

    [Fact]
    public void Learning_without_registers_is_asked_for_as_it_was_before_there_were_any()
        => Assert.Equal("""{"device":"press-1"}""", JsonSerializer.Serialize(new LearnRequest("press-1"), ContractJson.Default.LearnRequest));
}
