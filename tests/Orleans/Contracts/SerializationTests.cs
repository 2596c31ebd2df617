using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Contracts;

/// <summary>Everything that crosses from silo to silo, through the serializer a silo has.</summary>
public sealed class SerializationTests : IDisposable
{
    private readonly ServiceProvider silo = Provider(services => services.AddMeshSerialization());
    private readonly Full full = new();

    /// <summary>All that is taken or given by a grain's method, and every type in it.</summary>
    public static TheoryData<Type> Messages =>
        [.. MessageTypes.All.Concat(MessageTypes.Interfaces.SelectMany(MessageTypes.MethodsOf).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(Given(method.ReturnType))))
            .Where(type => type != typeof(void) && type != typeof(CancellationToken) && !type.IsEnum).Distinct()];

    private Serializer Serializer => silo.GetRequiredService<Serializer>();

    public void Dispose()
    {
        silo.Dispose();
        full.Dispose();
    }

    [Theory, MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(Type type)
    {
        var sent = full.Of(type);
        var arrived = Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sent));
        Alike.Assert(sent, arrived, type.Name);
    }

    [Fact]
    public void Every_member_of_a_sample_says_something()
    {
        foreach (var type in MessageTypes.All.Where(type => !type.IsEnum))
        {
            var sample = full.Of(type);
            foreach (var member in MessageTypes.MembersOf(type).Select(member => sample.GetType().GetProperty(member.Name)!))
                Assert.True(member.GetValue(sample) is { } value && (!value.GetType().IsPrimitive || type == typeof(VerifiedEvidence) || !value.Equals(Activator.CreateInstance(value.GetType()))), $"{type.Name}.{member.Name}");
        }
    }

    [Theory, MemberData(nameof(Messages))]
    public void Within_a_silo_a_message_is_handed_over_and_not_copied(Type type)
    {
        if (!MessageTypes.All.Contains(type)) return;
        var sent = full.Of(type);
        var copy = silo.GetRequiredService<DeepCopier>().Copy(sent);
        if (type.IsValueType) Assert.Equal(sent, copy);
        else Assert.Same(sent, copy);
    }

    [Fact]
    public void A_newer_silo_may_say_more_and_an_older_one_less()
    {
        foreach (var type in MessageTypes.All.Where(type => MessageTypes.MembersOf(type).Any() && type != typeof(VerifiedEvidence)))
        {
            var sent = full.Of(type);
            var text = JsonSerializer.SerializeToNode(sent, type, MeshSerialization.Options)!.AsObject();
            var newer = text.DeepClone().AsObject();
            newer["AddedByTheNext"] = new JsonObject { ["deep"] = new JsonArray(1, "2") };
            Alike.Assert(sent, newer.Deserialize(type, MeshSerialization.Options), type.Name);
            // Only what was added can be missing, and it can be added only so that it may.
            var optional = type.GetConstructors().SelectMany(made => made.GetParameters()).Where(parameter => parameter.HasDefaultValue).Select(parameter => parameter.Name).ToHashSet();
            foreach (var member in MessageTypes.MembersOf(type).Where(member => optional.Contains(member.Name) || Nullable.GetUnderlyingType(member.PropertyType) is not null))
            {
                var older = text.DeepClone().AsObject();
                Assert.True(older.Remove(member.Name), $"{type.Name}.{member.Name}");
                var value = member.GetValue(older.Deserialize(type, MeshSerialization.Options)!);
                Assert.True(value is null or false or 0 or 0L, $"{type.Name}.{member.Name}: {value}");
            }
        }
    }

    [Fact]
    public void Collections_of_every_kind_arrive()
    {
        var finding = full.Of<Finding>();
        foreach (var findings in new IReadOnlyList<Finding>[] { new[] { finding }, new List<Finding> { finding }, ImmutableArray.Create(finding), ImmutableList.Create(finding) })
            Alike.Assert(findings, Serializer.Deserialize<IReadOnlyList<Finding>>(Serializer.SerializeToArray(findings)), findings.GetType().Name);
        // Inside a message it does not matter what a list is; the compiler's own types are for there, and for nothing that is an argument itself.
        PeerNews news = new([full.Of<TwinEvent>()], [full.Of<PeerWord>()], 3);
        Alike.Assert(news.Words, Serializer.Deserialize<PeerNews>(Serializer.SerializeToArray(news))!.Words);
    }

    [Fact]
    public void A46_No_type_is_made_because_a_message_names_it()
    {
        // The sender can write anything; it is the reader that has to refuse.
        using var careless = Provider(services => services.AddSerializer(serializer => serializer.AddJsonSerializer(_ => true)).Configure<TypeManifestOptions>(options => options.AllowAllTypes = true));
        var forger = careless.GetRequiredService<Serializer>();
        foreach (var thing in new object[]
        {
            new Smuggled("x"), new TrustMesh.Host.ReadyReport("a", "b", "c", 1), new TrustMesh.Trust.Records.Record("kind", "id", 1, default), new UriBuilder("http://x"),
        })
        {
            var bytes = forger.SerializeToArray<object>(thing);
            Assert.NotNull(forger.Deserialize<object>(bytes));
            var refused = Assert.ThrowsAny<Exception>(() => Serializer.Deserialize<object>(bytes));
            Assert.True(refused is SerializerException or InvalidOperationException or TypeLoadException, $"{thing.GetType()}: {refused.GetType()}");
        }
        Assert.Equal(2, Smuggled.Made);
        Assert.DoesNotContain(MessageTypes.All, type => type.Namespace!.StartsWith("TrustMesh.Host", StringComparison.Ordinal) || type.Name.Contains("Key", StringComparison.Ordinal));
    }

    [Fact]
    public void A42_Cut_and_inflated_messages_end_in_an_error_and_cost_what_they_are()
    {
        foreach (var sent in new object[] { full.Of<ShardItem>(), full.Of<VerifiedEvidence>(), full.Of<TwinState>(), new[] { full.Of<DeviceId>() } })
        {
            var bytes = Serializer.SerializeToArray<object>(sent);
            for (var length = 0; length < bytes.Length; length += 1 + (bytes.Length / 97))
            {
                var cut = bytes[..length];
                Refuses(cut);
            }
            var random = new Random(4);
            for (var i = 0; i < 300; i++)
            {
                var other = bytes.ToArray();
                other[random.Next(other.Length)] = (byte)random.Next(256);
                Refuses(other, mayRead: true);
            }
        }
    }

    [Fact]
    public void Errors_arrive_as_what_they_are()
    {
        foreach (Exception sent in new Exception[]
        {
            new StaleTwinException(full.Of<DeviceId>(), 4), new UnreadableTwinException(full.Of<DeviceId>(), new WireException("twin", 3, "not ours")), new StaleRecordException("policy", 3), new IOException("the storage did not answer"), new TimeoutException("slow"),
        })
        {
            var arrived = Serializer.Deserialize<Exception>(Serializer.SerializeToArray(sent));
            Assert.Equal((sent.GetType(), sent.Message), (arrived!.GetType(), arrived.Message));
        }
    }

    private void Refuses(byte[] bytes, bool mayRead = false)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failed = Xunit.Record.Exception(() => Serializer.Deserialize<object>(bytes));
        Assert.True(mayRead || failed is not null, $"{bytes.Length} bytes were read");
        Assert.False(failed is OutOfMemoryException or StackOverflowException or AccessViolationException, failed?.GetType().Name);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 << 20) + (64L * bytes.Length));
    }

    private static Type Given(Type returned) => returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) ? Nullable.GetUnderlyingType(returned.GenericTypeArguments[0]) ?? returned.GenericTypeArguments[0] : typeof(void);

    private static ServiceProvider Provider(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        add(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Ours by its namespace, and no message.</summary>
    public sealed record Smuggled
    {
        public Smuggled(string name)
        {
            Name = name;
            Made++;
        }

        /// <summary>By the test, and by a reader that is careless.</summary>
        public static int Made { get; private set; }

        public string Name { get; }
    }
}
