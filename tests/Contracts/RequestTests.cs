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
    public void Learning_without_registers_is_asked_for_as_it_was_before_there_were_any()
        => Assert.Equal("""{"device":"press-1"}""", JsonSerializer.Serialize(new LearnRequest("press-1"), ContractJson.Default.LearnRequest));
}
