// How models stand in files, and how they cross to the core: nothing is lost, and what cannot cross is reported.

@testable import ActivitySmithKit
import Foundation
import Testing

@Suite struct ModelTests {
    typealias Json = LiveActivity.JSON

    private func read<Model: Decodable>(_ text: String) throws -> Model {
        try JSONDecoder().decode(Model.self, from: Data(text.utf8))
    }

    private func written(_ model: some Encodable) throws -> Json {
        try read(String(decoding: JSONEncoder().encode(model), as: UTF8.self))
    }

    @Test func aStateComesBackFromAFileAsItWas() throws {
        let state = LiveActivity.State.segmentedProgress(
            title: "Deploy", numberOfSteps: 5, currentStep: 2.5, color: .red, stepColors: [.green, .other("teal")],
            icon: "tray", extra: ["glow": ["deep": [1, nil]]])
        let copy: LiveActivity.State<LiveActivity.SegmentedProgress> = try read(
            String(decoding: JSONEncoder().encode(state), as: UTF8.self))
        #expect(copy == state)
        let any: LiveActivity.State<LiveActivity.AnyContent> = try read(
            String(decoding: JSONEncoder().encode(state), as: UTF8.self))
        #expect(any == state.erased && any.title == "Deploy")
        var other = any
        other.title = "Roll back"
        #expect(other.content.content?.title == "Roll back" && other != any)
    }

    @Test func membersOfUnknownNamesAreKeptAndWrittenBack() throws {
        let text = """
            {"type": "progress", "title": "T", "percentage": 7, "glow": true, "color": "teal",
             "icon": {"symbol": "tray", "size": 3}, "subtitle": null}
            """
        let state: LiveActivity.State<LiveActivity.Progress> = try read(text)
        #expect(state.extra == ["glow": true] && state.color == .other("teal"))
        #expect(state.icon?.extra == ["size": 3] && state.subtitle == nil)
        #expect(
            try written(state) == [
                "type": "progress", "title": "T", "percentage": 7, "glow": true, "color": "teal",
                "icon": ["symbol": "tray", "size": 3],
            ])
    }

    @Test func aStateOfAnUnknownTypeIsKeptAndRefusedByTheCore() async throws {
        let state: LiveActivity.AnyContent = try read(#"{"type": "gauge", "title": "T", "needle": 3}"#)
        #expect(state == .other(["type": "gauge", "title": "T", "needle": 3]) && state.content == nil)
        #expect(try written(state) == ["type": "gauge", "title": "T", "needle": 3])
        let found = try await violations(.init(state))
        #expect(found.contains("content_state.type unknown_value"), "\(found)")
        let action: LiveActivity.Action = try read(#"{"type": "call", "title": "T"}"#)
        #expect(try written(action) == ["type": "call", "title": "T"])
    }

    @Test func aStateOfAnotherTypeIsNotRead() {
        #expect(throws: DecodingError.self) {
            let _: LiveActivity.State<LiveActivity.Progress> = try read(#"{"type": "alert", "title": "T"}"#)
        }
    }

    @Test(arguments: [
        "18446744073709551615", "123456789012345678901234567890", "-9007199254740993", "0.1", "37.5",
        "0.12345678901234567890123",
    ])
    func numbersKeepTheirDigits(digits: String) throws {
        let number: LiveActivity.Number = try read(digits)
        #expect(number.description == digits)
        #expect(String(decoding: try JSONEncoder().encode([number]), as: UTF8.self) == "[\(digits)]")
        #expect(try (["n": number] as Message).json() == Data(#"{"n":\#(digits)}"#.utf8))
    }

    @Test func equalNumbersAreEqualWhateverTheirType() throws {
        #expect(LiveActivity.Number(42.0) == 42 && LiveActivity.Number(Float(0.1)) == 0.1)
        #expect(LiveActivity.Number(Decimal(string: "0.1")!) == 0.1 && LiveActivity.Number(UInt8(7)) == 7)
        #expect(try read("42.0") as LiveActivity.Number == 42)
        #expect(LiveActivity.Number(9_007_199_254_740_992) < 9_007_199_254_740_993)
        var percentage: (any LiveActivity.NumberConvertible)?
        percentage += 1
        percentage += 0.5
        #expect(percentage?.liveActivityNumber == 1.5)
    }

    @Test func numbersOfAnySizeAddAndCompare() {
        let large = LiveActivity.Number(1e300)
        let small = LiveActivity.Number(1e-300)
        #expect((large + 1).double == 1e300 && (small + 50).double == 50)
        #expect(large > 1 && small < 1 && LiveActivity.Number(Double.infinity) > large)
        #expect((LiveActivity.Number(Double.nan) + 1).double.isNaN)
    }

    @Test func whatJsonCannotHoldIsNotWrittenIntoAFile() {
        let state: LiveActivity.State = .progress(title: "T", percentage: Double.nan)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(state) }
    }

    @Test func whatJsonCannotHoldIsReportedWithItsPathAmongAllElse() async throws {
        let state = LiveActivity.State.metrics(
            title: " ", metrics: [.init(label: "A", value: 1), .init(label: "", value: Double.nan)],
            color: .other("teal"), extra: ["glow": ["deep": .init(-Double.infinity)]])
        let found = try await violations(state)
        for violation in [
            "content_state.color unknown_value", "content_state.metrics[1].label empty",
            "content_state.metrics[1].value not_finite", "content_state.title empty",
        ] {
            #expect(found.contains(violation), "\(found)")
        }
        #expect(found.contains { $0.contains("glow") && $0.hasSuffix("not_finite") }, "\(found)")
    }

    @Test func aProgramNamesItsLanguageToTheService() async throws {
        let server = try LoopbackServer { _ in .init(body: "{}") }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        try await activitysmith.liveActivities.endStream("k")
        #expect(await server.next()?.headers["user-agent"]?.hasPrefix("activitysmith-kit-swift/") == true)
    }

    @Test func textsOfAnyCharactersArrive() async throws {
        let server = try LoopbackServer { _ in .init(body: "{}") }
        let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: server.baseURL)
        let title = "a\"b\\c\n\t\u{1}\u{1f}\u{7f}é🎈\u{2028}"
        try await activitysmith.liveActivities.stream("k", .value(title: title, value: title))
        let sent: Json = try read(try #require(await server.next()).body)
        #expect(sent["content_state"]?["title"] == .string(title))
    }

    private func violations<C: LiveActivity.Content>(_ state: LiveActivity.State<C>) async throws -> [String] {
        do {
            let activitysmith = try ActivitySmith(apiKey: "ask_test_1", baseURL: "http://127.0.0.1:1/api")
            try await activitysmith.liveActivities.stream("k", state)
        } catch .validation(let failure) {
            return failure.violations.map { "\($0.path) \($0.code)" }.sorted()
        } catch {
            throw error
        }
        return []
    }
}
